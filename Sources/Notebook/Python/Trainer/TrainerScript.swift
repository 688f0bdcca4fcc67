import Foundation
import Models
import Training

/// `train.py`: a run's recipe for Hugging Face's Trainer, on one device, several, or several machines.
struct TrainerScript {
  let inputs: TrainingInputs
  let task: PythonTask
  /// What Python calls the base.
  let base: String
  let isAdapter: Bool
  /// Whether the file of first values holds all of the model's numbers instead of those that the base lacks.
  let startsWhole: Bool
  /// How many names of `frozen.json` there are.
  let frozen: Int

  private var automatic: String { PythonModel.automatic[inputs.task.head] ?? "AutoModel" }
  private var labels: [String] { inputs.labels }
  private var loss: (definition: String?, argument: String?, afterwards: String?) {
    task.loss(smoothing: inputs.recipe.labelSmoothing)
  }

  var text: String {
    ([top, constants, rows, model, ordering, training] + [""]).joined(separator: "\n")
  }

  private var top: String {
    var names = [
      automatic, "AutoConfig", "AutoTokenizer", task.collator.name, "Trainer", "TrainingArguments",
    ]
    if inputs.recipe.patience != nil { names.append("EarlyStoppingCallback") }
    let imports = PythonText.call("from transformers import ", names.sorted(), wraps: ("(", ")")).joined(
      separator: "\n")
    return """
      \"\"\"\(inputs.task.name) on \(base), as attune trained it.

          python train.py
          accelerate launch --config_file accelerate.yaml train.py
          torchrun --nproc_per_node 2 train.py

      The batch of the recipe is dealt out to all processes, so the steps are the
      same on any number of them that divides it. README.md tells more.
      \"\"\"
      import argparse
      import json
      import os

      \(task.metrics == nil ? "" : "import numpy\n")import torch
      from datasets import load_dataset
      \(isAdapter ? "from peft import PeftModel\n" : "")from safetensors.torch import load_file
      \(imports)

      """
  }

  private var constants: String {
    let batch = inputs.recipe.batchSize
    return (PythonText.assign("BASE = ", base) + PythonText.list("LABELS = ", labels)).joined(separator: "\n") + """

      LIMIT = \(inputs.limit)  # tokens of a sequence
      BATCH = \(batch)  # rows of a step\(inputs.recipe.accumulationSteps > 1 ? ", before they are accumulated" : ""), all processes together

      parser = argparse.ArgumentParser()
      parser.add_argument("--base", default=BASE, help="name or folder of the base")
      parser.add_argument("--output", default="output", help="folder to save to")
      parser.add_argument("--max-steps", type=int, default=\(inputs.recipe.maximumSteps ?? -1))
      options = parser.parse_args()
      here = os.path.dirname(os.path.abspath(__file__))


      def beside(name):
          return os.path.join(here, name)


      processes = int(os.environ.get("WORLD_SIZE", 1))
      if BATCH % processes:
          raise SystemExit(f"{processes} processes cannot share a batch of {BATCH}.")

      """
  }

  private var rows: String {
    let pad =
      inputs.task.head == .causalWords
      ? "if tokenizer.pad_token is None:\n    tokenizer.pad_token = tokenizer.eos_token\n" : ""
    return """
      tokenizer = AutoTokenizer.from_pretrained(here)
      \(pad)rows = load_dataset("json", data_files={
          "train": beside("train.jsonl"),
          "validation": beside("validation.jsonl")})


      \(task.features)


      columns = rows["train"].column_names
      data = rows.map(features, \(task.isBatched ? "batched=True, " : "")remove_columns=columns)

      """
  }

  private var model: String {
    var lines = ["config = AutoConfig.from_pretrained(here)"]
    if isAdapter {
      lines += [
        "model = \(automatic).from_pretrained(", "    options.base, config=config, dtype=torch.float32)",
        "# The additions and the head start from the numbers that attune drew.",
        "model = PeftModel.from_pretrained(model, beside(\"start\"), is_trainable=True)",
      ]
    } else if startsWhole {
      lines += [
        "model = \(automatic).from_config(config, dtype=torch.float32)",
        "# All starts from the numbers that attune started from.",
        "model.load_state_dict(load_file(beside(\"start.safetensors\")), strict=False)",
        "model.tie_weights()",
      ]
    } else {
      lines += [
        "model = \(automatic).from_pretrained(",
        "    options.base, config=config, dtype=torch.float32,", "    ignore_mismatched_sizes=True)",
        "# What the base lacks starts from the numbers that attune drew.",
        "model.load_state_dict(load_file(beside(\"start.safetensors\")), strict=False)",
      ]
    }
    if frozen > 0 {
      lines += [
        "frozen = set(json.load(open(beside(\"frozen.json\"))))", "for name, parameter in model.named_parameters():",
        "    parameter.requires_grad = name not in frozen",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var ordering: String {
    """

    class SameOrder(torch.utils.data.Sampler):
        \"\"\"The rows of each epoch in the order in which attune took them.\"\"\"

        def __init__(self, orders):
            self.orders, self.epoch = orders, 0

        def set_epoch(self, epoch):
            self.epoch = epoch

        def __len__(self):
            return len(self.orders[0])

        def __iter__(self):
            order = self.orders[self.epoch % len(self.orders)]
            self.epoch += 1
            return iter(order)


    class OrderedTrainer(Trainer):
    \([task.method, Self.sampling].compactMap { $0 }.joined(separator: "\n\n"))

    """ + [task.metrics?.text, loss.definition].compactMap { $0 }.map { "\n\($0)\n\n" }.joined()
  }

  private static let sampling = """
        def _get_train_sampler(self, *arguments):
            orders = json.load(open(beside("order.json")))
            if len(orders[0]) != len(data["train"]):
                print("order.json is for other data; the order is drawn anew.")
                return super()._get_train_sampler(*arguments)
            return SameOrder(orders)
    """

  private var training: String {
    let arguments =
      ["output_dir=options.output"]
      + inputs.recipe.pythonArguments(batch: "BATCH // processes", metrics: task.metrics?.names ?? [])
      .filter { !$0.hasPrefix("max_steps") } + ["max_steps=options.max_steps"]
    var given = [
      "model=model", "args=arguments", "train_dataset=data[\"train\"]", "eval_dataset=data[\"validation\"]",
      "data_collator=\(task.collator.name)(\(task.collator.arguments.joined(separator: ", ")))",
    ]
    if task.metrics != nil { given.append("compute_metrics=metrics") }
    if let argument = loss.argument { given.append(argument) }
    if let patience = inputs.recipe.patience { given.append("callbacks=[EarlyStoppingCallback(\(patience))]") }
    return """

      has_device = torch.cuda.is_available() or torch.backends.mps.is_available()
      \(PythonText.call("arguments = TrainingArguments", arguments + ["use_cpu=not has_device", "ddp_backend=None if has_device or processes == 1 else \"gloo\""]).joined(separator: "\n"))
      \((PythonText.call("trainer = OrderedTrainer", given) + [loss.afterwards].compactMap { $0 }).joined(separator: "\n"))
      trainer.train()
      trainer.save_model(options.output)
      if trainer.is_world_process_zero():
          tokenizer.save_pretrained(options.output)
          \(isAdapter ? "config.save_pretrained(options.output)  # names of the labels\n    " : "")losses = [log["loss"] for log in trainer.state.log_history if "loss" in log]
          with open(os.path.join(options.output, "losses.json"), "w") as file:
              json.dump(losses, file)
      """
  }
}
