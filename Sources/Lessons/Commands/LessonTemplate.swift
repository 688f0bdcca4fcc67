import Notebook

/// A small lesson that passes `check` and shows its author what a lesson can have.
struct LessonTemplate {
  let id: String
  let title: String
  let model: String?

  var text: String {
    """
    ---
    lesson: 1
    id: \(id)
    title: \(Value.string(title).json)
    level: beginner
    minutes: 5
    models: \(Value.array((model.map { [$0] } ?? ModelShelf.usualEncoders).map(Value.string)).json)
    seed: 42
    ---
    # \(title.replacing("\n", with: " "))
    <!-- time: 30s -->

    After this lesson you can …

    <!-- note: Only the speaker sees a note: beside `present` with --notes, or after the key n. -->

    ## Show something
    <!-- time: 2m -->

    A cell runs when the learner says `next`. What comes out has to fit what is
    expected; `[..]` stands for any text, a line `...` for any lines.

    ```attune {#first}
    tokens "Hello, world"
    ```
    ```expect
    piece[..]
    id[..]
    offsets[..]
    [..] tokens: [..]
    ```
    <!-- check: first.command == "tokens" -->

    Explain what it means. The `check` looks at the result, not at the screen.

    <!-- pause -->
    <!-- quiz: guess -->
    **Quiz.** What did the command do with the text?

    - a) it cut it into pieces
    - b) it translated it

    <!-- key: a -->
    <!-- wrong b: Look at the first row again: are these words of another language? -->
    <details><summary>Hint 1</summary>How many pieces are there, and how many words were there?</details>

    ## Let them try
    <!-- time: 2m -->

    <!-- exercise: own -->
    **Exercise.** Cut a text of your own.
    <!-- check: last.command == "tokens" and last.text != first.text -->
    <details><summary>Hint 1</summary>Put your text between quotes, behind `tokens`.</details>
    <details><summary>Solution</summary>

    ```attune
    tokens "A text of my own"
    ```
    </details>

    ## What you saw
    <!-- time: 30s -->

    - One sentence for each thing to remember.

    """
  }
}
