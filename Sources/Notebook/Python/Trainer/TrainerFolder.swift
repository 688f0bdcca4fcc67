import Checkpoints
import Foundation
import Models
import Pipelines
import Training

/// `export RUN --to trainer`: a folder that trains a run's recipe with Hugging Face's Trainer, on as many devices as there
/// are.
struct TrainerFolder {
  let script: TrainerScript
  private let inputs: TrainingInputs
  private let model: TransformerModel
  private let company: ModelFolder.Company

  /// - Throws: `Failure` for a recipe that the Trainer cannot follow
  init(_ inputs: TrainingInputs, in session: Session) throws {
    guard let task = PythonTask.named(inputs.task, inputs.options.reading) else {
      throw Failure("A run with --packing has no script for the Trainer yet; train without it.", .usage)
    }
    if inputs.recipe.layerDecay != 1 {
      throw Failure(
        "Hugging Face's Trainer has one learning rate; train without --layer-decay for an export to it.", .usage)
    }
    let place = inputs.base.weightsPlace
    guard !inputs.base.isMarian, !place.path.lowercased().hasSuffix(".gguf") else {
      throw Failure(
        "\(inputs.base.name) is no folder that transformers trains on; take a model with config.json and model.safetensors.",
        .usage)
    }
    self.inputs = inputs
    model = try inputs.model()
    let method = inputs.options.method
    let startsWhole = method.fromScratch || method.layers != nil
    let frozen = model.adaptation == nil ? model.parameters.filter { !$0.isTrained }.count : 0
    if model.adaptation != nil, !method.freeze.isEmpty {
      throw Failure("--lora with --freeze has no script for the Trainer; leave --freeze out.", .usage)
    }
    let base = session.shelf.publicName(inputs.base)
    script = TrainerScript(
      inputs: inputs, task: task, base: base, isAdapter: model.adaptation != nil, startsWhole: startsWhole,
      frozen: frozen)
    company = ModelFolder.Company(base: base, files: try inputs.base.tokenizer().files + inputs.base.generationFiles)
  }

  /// The folder appears whole or not at all.
  func write(to folder: URL) throws {
    try AtomicFolder.write(to: folder) { staging in
      func put(_ data: Data, _ name: String) throws {
        try AtomicFile.write(data, to: staging.appendingPathComponent(name))
      }
      func put(_ text: String, _ name: String) throws { try put(Data(text.utf8), name) }
      try put(script.text, "train.py")
      try put(requirements, "requirements.txt")
      try put(TrainerFolder.accelerate, "accelerate.yaml")
      try put(readme, "README.md")
      try put(ModelFolder.configurationFile(model), RepositoryFile.config.rawValue)
      for file in company.files { try put(file.data, file.name) }
      try inputs.writeRows(
        training: staging.appendingPathComponent("train.jsonl"),
        validation: staging.appendingPathComponent("validation.jsonl"))
      try put(orders, "order.json")
      if model.adaptation != nil {
        try ModelFolder.write(
          model, ModelFolder.Company(base: company.base, files: []), to: staging.appendingPathComponent("start"))
      } else {
        try ModelFolder.writeStart(
          model, isWhole: script.startsWhole, to: staging.appendingPathComponent("start.safetensors"))
      }
      if script.frozen > 0 {
        try put(JSONEncoder().encode(model.parameters.filter { !$0.isTrained }.map(\.name)), "frozen.json")
      }
    }
  }

  /// A line for each epoch, so that a reader finds it.
  private var orders: String {
    let recipe = inputs.recipe
    let count = inputs.training.examples.count
    let epochs = max(1, (recipe.totalSteps(count) + recipe.stepsPerEpoch(count) - 1) / recipe.stepsPerEpoch(count))
    let lines = Trainer(model, recipe, inputs.training.examples).orders(of: epochs).map { order in
      "[\(order.map(String.init).joined(separator: ", "))]"
    }
    return "[\(lines.joined(separator: ",\n"))]\n"
  }

  private var requirements: String {
    (["torch", "transformers>=5,<6", "datasets", "accelerate", "safetensors"] + (script.isAdapter ? ["peft"] : []))
      .map { $0 + "\n" }.joined()
  }

  private static let accelerate = """
    # One machine with two GPUs. `accelerate launch --num_processes N` takes another number.
    compute_environment: LOCAL_MACHINE
    distributed_type: MULTI_GPU
    num_machines: 1
    num_processes: 2
    machine_rank: 0
    main_training_function: main
    mixed_precision: 'no'
    use_cpu: false

    """

  private var readme: String {
    """
    # \(inputs.task.name) on \(script.base), with Hugging Face's Trainer

    `train.py` trains what `finetune` trained: the same rows in the same order (`order.json`), the same first values of
    what the base lacks (`\(script.isAdapter ? "start/" : "start.safetensors")`), the same recipe.\(script.task.isDrawn ? " Which words are hidden is drawn anew." : "") Dropout is drawn by another
    generator, so losses agree to the digit only without it.

        pip install -r requirements.txt
        python train.py

    Several GPUs of one machine (\(inputs.recipe.batchSize) rows a step are dealt out to them):

        accelerate launch --config_file accelerate.yaml --num_processes 4 train.py
        torchrun --nproc_per_node 4 train.py

    Several machines with 4 GPUs each; run it on all of them, with its own rank on each:

        accelerate launch --config_file accelerate.yaml --num_machines 2 --num_processes 8 \\
          --machine_rank 0 --main_process_ip 10.0.0.1 --main_process_port 29500 train.py
        torchrun --nnodes 2 --nproc_per_node 4 --node_rank 0 \\
          --master_addr 10.0.0.1 --master_port 29500 train.py

    Without a GPU the processes talk through gloo. `--base FOLDER` takes the base from a folder. Where the rows are no
    multiple of a step's, the last step of an epoch repeats some, which attune does not.

    `output/` is what comes back\(script.isAdapter ? ", an adapter of peft" : ""): `attune evaluate --model output --data FILE`.

    """
  }
}
