import Foundation
import Lessons
import Notebook
import Shell

exit(Shell.run(NotebookCommands.rows + LessonCommands.rows))
