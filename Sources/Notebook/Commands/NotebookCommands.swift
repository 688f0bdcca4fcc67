/// The commands of this room, in the order that `help` lists them inside a group.
package enum NotebookCommands {
  package static let rows: [any Command.Type] = [
    ModelsCommand.self, SearchCommand.self, PullCommand.self, RemoveCommand.self, LoadCommand.self, InfoCommand.self,
    ParametersCommand.self, MemoryCommand.self, QuantizeCommand.self,
    TokensCommand.self, VocabularyCommand.self, CompareTokenizersCommand.self, TrainTokenizerCommand.self,
    AttentionCommand.self, EmbedCommand.self, SimilarCommand.self, NextTokenCommand.self, ScoreCommand.self,
    ClassifyCommand.self, EntitiesCommand.self, AnswerCommand.self, FillCommand.self, GenerateCommand.self,
    ChatCommand.self, SummarizeCommand.self, TranslateCommand.self,
    DataCommand.self,
    PretrainCommand.self, FinetuneCommand.self, EvaluateCommand.self, RunsCommand.self, CompareCommand.self,
    MergeCommand.self,
    ExportCommand.self,
    SetCommand.self, HistoryCommand.self, RerunCommand.self, TimeCommand.self, VerifyCommand.self, BenchCommand.self,
    HelpCommand.self,
    QuitCommand.self,
  ]
}
