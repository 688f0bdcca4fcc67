#include <histedit.h>
#include <stdio.h>

// Swift cannot call C's variadic functions; each wrapper below is one such call with its types fixed.

typedef wchar_t *(*edit_prompt)(EditLine *);
typedef unsigned char (*edit_function)(EditLine *, wint_t);

static inline EditLine *edit_open(const char *program) { return el_init(program, stdin, stdout, stderr); }

static inline void edit_flush(void) { fflush(stdout); }

static inline int edit_set_client(EditLine *editor, void *client) {
  return el_wset(editor, EL_CLIENTDATA, client);
}

static inline void *edit_client(EditLine *editor) {
  void *client = NULL;
  el_wget(editor, EL_CLIENTDATA, &client);
  return client;
}

static inline int edit_set_prompt(EditLine *editor, edit_prompt prompt, int escape) {
  return el_wset(editor, EL_PROMPT_ESC, prompt, escape);
}

static inline int edit_set_reader(EditLine *editor, el_rfunc_t reader) {
  return el_wset(editor, EL_GETCFN, reader);
}

static inline int edit_set_handles_signals(EditLine *editor, int handles) {
  return el_wset(editor, EL_SIGNAL, handles);
}

static inline int edit_set_history(EditLine *editor, HistoryW *entries) {
  return el_wset(editor, EL_HIST, history_w, entries);
}

static inline int edit_set_mode(EditLine *editor, const char *mode) {
  return el_set(editor, EL_EDITOR, mode);
}

static inline const char *edit_mode(EditLine *editor) {
  const char *mode = NULL;
  return el_get(editor, EL_EDITOR, &mode) == 0 ? mode : NULL;
}

static inline int edit_add_function(
    EditLine *editor, const char *name, const char *summary, edit_function function) {
  return el_set(editor, EL_ADDFN, name, summary, function);
}

static inline int edit_bind(EditLine *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, key, function, NULL);
}

// What commands find that run between two lines; libedit sets these modes each time it hands the terminal over.
static inline int edit_set_run_mode(EditLine *editor, const char *flag) {
  return el_set(editor, EL_SETTY, "-x", flag, NULL);
}

static inline int edit_prepare_terminal(EditLine *editor, int raw) {
  return el_wset(editor, EL_PREP_TERM, raw);
}

static inline int edit_refresh(EditLine *editor) { return el_wset(editor, EL_REFRESH, NULL); }

static inline int edit_history_set_size(HistoryW *entries, int size) {
  HistEventW event;
  return history_w(entries, &event, H_SETSIZE, size);
}

static inline int edit_history_clear(HistoryW *entries) {
  HistEventW event;
  return history_w(entries, &event, H_CLEAR);
}

static inline int edit_history_enter(HistoryW *entries, const wchar_t *line) {
  HistEventW event;
  return history_w(entries, &event, H_ENTER, line);
}
