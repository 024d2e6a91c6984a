using MemCluster.Cli;
using MemCluster.Trainer;

if (WorkerProgram.IsAsked(args))
{
    return WorkerProgram.Run(args);
}

using var interrupts = new Interrupts();
var code = await CommandTree.Invoke(args, RealDoors.Open(workers: OperatingSystem.IsLinux()), Terminal.OfConsole(), interrupts.Token);
if (code == ExitCodes.Interrupted)
{
    Interrupts.Leave(code);
}

return code;
