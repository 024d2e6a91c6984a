using System.CommandLine;
using MemCluster.Operations.Verbs;

namespace MemCluster.Cli;

/// <summary>
/// The operator catalogue as commands. Four do more at a terminal than elsewhere: <c>resume</c> also runs a home, <c>watch</c> draws, <c>export</c>
/// and <c>examples</c> write files.
/// </summary>
internal static class CatalogueVerbs
{
    public static IEnumerable<Command> Build(Doors doors, Terminal terminal) => OperatorCatalogue.All.Select(verb => verb.Name switch
    {
        "resume" => ResumeVerb.Build(doors, terminal),
        "watch" => WatchCommand.Build(doors, terminal),
        "examples" => ExamplesCommand.Build(doors, terminal),
        "export" => ExportCommand.Build(doors, terminal),
        _ => new CatalogueCommand(verb, doors, terminal),
    });
}
