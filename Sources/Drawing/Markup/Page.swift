extension Drawing {
  /// A whole HTML page around fragments: one file that asks for nothing else, light and dark, and as good to read where
  /// no script runs. It runs its own script and no other, whatever else should have come into it.
  ///
  /// `title` is escaped; `body` is taken as the HTML it is.
  package static func htmlPage(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="\(pagePolicy)">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <style>
    \(pageStyle)
    </style>
    </head>
    <body>
    <a class="skip" href="#main">To the text</a>
    <main id="main">
    \(body)
    </main>
    <script>
    \(pageScript)
    </script>
    </body>
    </html>

    """
  }

  /// Nothing from outside, styles in the page, and the script whose hash it is.
  private static let pagePolicy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    + "script-src 'sha256-\(pageScriptHash)'"
}
