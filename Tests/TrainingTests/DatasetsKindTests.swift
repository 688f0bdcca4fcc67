import Foundation
import Testing
import Training

/// What a file's rows are, told by its name and content.
@Suite struct DatasetsKindTests {
  @Test(arguments: [
    ("a.tsv", "text\tlabel\ngood\tPOSITIVE\n", DataKind.texts(.single)),
    ("a.csv", "text,label\ngood,1\nbad,0\n", .texts(.single)),
    ("a.csv", "text,label\ngood,1.5\nbad,2\n", .texts(.number)),
    ("a.csv", "text,label\ngood,1.5\nbad,low\n", .texts(.single)),
    ("a.csv", "first,second\na,b\n", .texts(.single)),
    ("a.jsonl", #"{"text": "x", "label": "y"}"#, .texts(.single)),
    ("a.jsonl", #"{"text": "x", "label": 4}"#, .texts(.single)),
    ("a.jsonl", #"{"text": "x", "label": 4.5}"#, .texts(.number)),
    ("a.jsonl", #"{"text": "x", "labels": ["y", "z"]}"#, .texts(.several)),
    ("a.json", #"[{"tokens": ["x"], "ner_tags": ["O"]}]"#, .sentences),
    ("a.json", #"{"data": []}"#, .questions),
    ("a.jsonl", #"{"question": "x", "context": "y", "answers": []}"#, .questions),
    ("a.conll", "x O\n", .sentences),
    ("a.train", "EU B-ORG\nrejects O\n\nx O\n", .sentences),
    ("a.txt", "EU\tB-ORG\nrejects\tO\n", .sentences),
    ("a.txt", "text\tlabel\ngood\tPOSITIVE\n", .texts(.single)),
    ("a.txt", #"{"text": "x", "label": "y"}"#, .texts(.single)),
    ("a.txt", "Call me Ishmael.\n\nSome years ago\n", .documents),
    ("a", "Oh.\n", .documents),
  ])
  func isTold(name: String, text: String, kind: DataKind) throws {
    #expect(try DataFile(name, text).read { try DataKind.told(by: $0) } == kind)
  }

  @Test(arguments: [("a.dat", "Call me Ishmael.\n"), ("a.jsonl", #"{"text": "x"}"#), ("a.jsonl", #"{"a": 1}"#)])
  func isNotTold(name: String, text: String) throws {
    #expect(try DataFile(name, text).read { try DataKind.told(by: $0) } == nil)
  }
}
