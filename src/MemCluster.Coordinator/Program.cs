return await MemCluster.Coordinator.CoordinatorProgram.Run(args).ConfigureAwait(false);
