import Training

extension Recipe {
  /// The arguments of `TrainingArguments` that say the same.
  /// - Parameters:
  ///   - batch: the rows of a batch on one device, as Python has it
  ///   - metrics: what the script measures besides the loss
  func pythonArguments(batch: String, metrics: [String]) -> [String] {
    var arguments = ["num_train_epochs=\(epochs)"]
    if let maximumSteps { arguments.append("max_steps=\(maximumSteps)") }
    arguments += [
      "per_device_train_batch_size=\(batch)", "per_device_eval_batch_size=32",
      "gradient_accumulation_steps=\(accumulationSteps)", "learning_rate=\(PythonText.number(learningRate))",
      "weight_decay=\(PythonText.number(weightDecay))",
      "warmup_steps=\(warmupSteps.map(String.init) ?? PythonText.number(warmupRatio))",
      "lr_scheduler_type=\"\(schedule == .constant ? "constant_with_warmup" : schedule.rawValue)\"",
      "max_grad_norm=\(PythonText.number(maximumNorm))",
    ]
    if labelSmoothing > 0 { arguments.append("label_smoothing_factor=\(PythonText.number(labelSmoothing))") }
    if recomputes { arguments.append("gradient_checkpointing=True") }
    arguments += ["seed=\(seed)", "eval_strategy=\"\(evaluation.rawValue)\""]
    if evaluation == .steps { arguments.append("eval_steps=\(evaluationSteps)") }
    if evaluatesOnStart { arguments.append("eval_on_start=True") }
    let saves = loadsBest && evaluation != .no ? evaluation : saving
    arguments.append("save_strategy=\"\(saves.rawValue)\"")
    if saves == .steps { arguments.append("save_steps=\(saves == evaluation ? evaluationSteps : savingSteps)") }
    arguments.append("save_total_limit=\(keptCheckpoints ?? 1)")
    if loadsBest, evaluation != .no {
      let metric = metrics.contains(bestMetric) ? bestMetric : "eval_loss"
      arguments += ["load_best_model_at_end=True", "metric_for_best_model=\"\(metric)\""]
    }
    return arguments + ["logging_steps=\(loggingSteps)", "report_to=\"none\""]
  }
}
