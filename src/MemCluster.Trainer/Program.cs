using MemCluster.Trainer;

return WorkerProgram.IsAsked(args) ? WorkerProgram.Run(args) : await TrainerProgram.Run(args).ConfigureAwait(false);
