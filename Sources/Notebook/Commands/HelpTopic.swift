import Drawing

/// What `help` teaches beyond single commands: a few lines that can be typed as they stand, one after another.
package struct HelpTopic: Encodable, Sendable {
  package struct Line: Encodable, Sendable {
    package let type: String
    package let does: String
    /// Keys and files are no lines to type.
    package let isTyped: Bool

    init(_ type: String, _ does: String, isTyped: Bool = true) {
      self.type = type
      self.does = does
      self.isTyped = isTyped
    }
  }

  package let name: String
  package let about: String
  package let lines: [Line]

  package static let all = [
    HelpTopic(
      name: "start", about: "The first five minutes.",
      lines: [
        .init("lesson 1", "begin the course; `next` or Enter goes on, `words` lists the rest"),
        .init("play", "try things in between; `next` comes back"),
        .init(#"tokens "unbelievably good""#, "what a model reads"),
        .init(#"classify "This movie was fantastic!""#, "what one that was fine-tuned says"),
        .init("?attention", "explain a command, with an example that runs"),
        .init("search learning rate", "find where something is explained"),
        .init("main", "leave the lesson; its place is kept"),
      ]),
    HelpTopic(
      name: "keys", about: "Keys at the prompt.",
      lines: [
        .init(
          "Tab", "complete a command, option, model, label, file or $variable; lists what there is", isTyped: false),
        .init("Up, Down", "earlier lines that begin with what is typed", isTyped: false),
        .init("Ctrl-R", "search earlier lines, of all sessions; Ctrl-R again goes on", isTyped: false),
        .init("Ctrl-C", "stop the command that runs, or empty the line", isTyped: false),
        .init("Ctrl-Z", "back to your OS shell; fg comes back", isTyped: false),
        .init("Ctrl-D", "leave; your place is kept", isTyped: false),
        .init("\\ at the end", "the line goes on below, as it does inside open quotes", isTyped: false),
        .init("~/.editrc", "other keys: `bind -v` for vi's, see editrc(5)", isTyped: false),
      ]),
    HelpTopic(
      name: "variables", about: "Results in later lines.",
      lines: [
        .init(#"x = tokens "unbelievably good""#, "keep a result under a name; nothing is shown"),
        .init("x", "show it"),
        .init("x.tokens[1]", "a part of it"),
        .init("similar $x.text 'a bad film'", "use it, as in \"… $x.text …\" or ${x.text}"),
        .init("tokens _", "the text of the last result; __ is the one before"),
        .init("tokens Out[1]", "of the line numbered In [1]; Out[1].tokens has its parts"),
        .init(#"text = "good film""#, "a text or a number works, too"),
        .init("tokens $text", "and is used in the same way"),
      ]),
    HelpTopic(
      name: "output", about: "Results in files, lines again.",
      lines: [
        .init(#"tokens "Hello" > hello.json"#, "write the result: .json, .jsonl, .html, .svg or text"),
        .init(#"tokens "world" >> all.jsonl"#, "add to a file"),
        .init(#"time tokens "Hello""#, "how long it took"),
        .init("history", "the lines of this session, numbered"),
        .init("rerun 1", "run a line again; rerun 3-7 runs five"),
        .init("save session.md", "keep the session, as .md, .html or .ipynb"),
        .init("open session.md", "run it again; `edit` opens lines in your editor"),
      ]),
    HelpTopic(
      name: "settings", about: "Settings that stay.",
      lines: [
        .init("set", "show them"),
        .init("set seed 7", "change one, now and in later sessions"),
        .init("set seed default", "undo that"),
        .init("init in ATTUNE_HOME", "lines that run when the shell starts", isTyped: false),
        .init("--learner NAME", "a history, progress and settings of one's own, on one machine", isTyped: false),
      ]),
    HelpTopic(
      name: "teaching", about: "Lessons for others.",
      lines: [
        .init("run 1 -o lesson.html", "a lesson without a person, as a page"),
        .init("check 1", "prove a lesson: outputs, solutions, width"),
        .init("grade samples/class", "tabulate what learners handed in: attempts.jsonl of each"),
        .init("grade samples/class --lesson 1", "item by item"),
      ]),
  ]

  package static func named(_ name: String) -> HelpTopic? { all.first { $0.name == name } }

  package var drawing: Drawing {
    .stack([
      .words(.init(about, .strong)),
      .table(
        .init(columns: ["", ""], rows: lines.map { [.init($0.type, $0.isTyped ? .code : .accent), .init($0.does)] })),
    ])
  }
}
