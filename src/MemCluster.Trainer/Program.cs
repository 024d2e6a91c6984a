return await MemCluster.Trainer.TrainerProgram.Run(args).ConfigureAwait(false);
