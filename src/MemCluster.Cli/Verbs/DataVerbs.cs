using System.CommandLine;
using System.CommandLine.Completions;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Cli;

/// <summary><c>data list</c> and <c>data get NAME</c>.</summary>
internal static class DataVerbs
{
    public static Command Build(Doors doors, Terminal terminal) => new("data", "Data sets: what is here, and getting what isn't.")
    {
        List(doors, terminal), Get(doors, terminal),
    };

    private static Command List(Doors doors, Terminal terminal)
    {
        var (data, json) = (NodeArguments.Data.Make(), Options.Json());
        var command = new Command("list", "The data sets that a sweep may name, and where they are.") { data, json };
        command.SetAction(parse =>
        {
            var given = parse.GetValue(data);
            var sets = DataCatalog.All.Select(card => Presence.Of(card, doors.Data, given)).ToArray();
            if (parse.GetValue(json))
            {
                terminal.Write(System.Text.Json.JsonSerializer.Serialize(sets, MessageJson.Options));
                return;
            }

            IReadOnlyList<string>[] rows =
            [
                ["DATA SET", "EXAMPLES", "SIZE", "STATE", "WHERE"],
                .. sets.Select(set => (IReadOnlyList<string>)[set.Name, set.Examples, set.Bytes == 0 ? "" : Numbers.Bytes(set.Bytes), set.State, set.Where]),
            ];
            var lines = TextTable.Of(rows, [false, true, true, false, false]);
            terminal.Write(lines.Select((line, index) => new Line(line, index == 0 ? Tone.Faint : Tone.Plain)));
            terminal.Write(new Line(Line.Fit($"Looked in {string.Join(", ", doors.Data.Places(given))}. Get one with: memcluster data get NAME", Line.Width), Tone.Faint));
        });
        return command;
    }

    private static Command Get(Doors doors, Terminal terminal)
    {
        string[] sets = [.. DataCatalog.All.Where(card => !card.BuiltIn).Select(card => card.Name)];
        var names = string.Join(", ", sets);
        var builtIn = string.Join(", ", DataCatalog.All.Where(card => card.BuiltIn).Select(card => card.Name));
        var name = new Argument<string>("NAME") { Description = $"One of {names}.", CompletionSources = { _ => sets.Select(set => new CompletionItem(set)) } };
        var from = new Option<string?>("--from") { Description = "Address of a mirror: below it, a folder for each set.", HelpName = "URL" };
        var to = new Option<string?>("--to") { Description = "Folder to put the set's folder in. Default: the user's cache.", HelpName = "DIR" };
        var force = new Option<bool>("--force") { Description = "Where another file has the name of a published one, keep it as .bak and go on." };
        var command = new Command("get", "Download a data set, or the rest of it, and check it.") { name, from, to, force };
        command.SetAction(async (parse, cancel) =>
        {
            var asked = parse.GetValue(name)!;
            var card = DataCatalog.Find(asked) ?? throw new UserError($"There is no data set '{asked}'; there is: {names}; built in are {builtIn}.");
            if (card.BuiltIn)
            {
                terminal.Write($"{card.Name} is built in; there is nothing to get.");
                return ExitCodes.Fine;
            }

            var folder = await new DataProgress(doors.Clock, terminal).While(
                progress => doors.Data.Get(card, parse.GetValue(to), parse.GetValue(from), parse.GetValue(force), progress, cancel));
            terminal.Write(new Line($"{card.Name} is complete and checked in {folder}", Tone.Good));
            return ExitCodes.Fine;
        });
        return command;
    }

    /// <param name="Bytes">Of its files, uncompressed.</param>
    private sealed record Presence(string Name, string Examples, long Bytes, string State, string Where)
    {
        public static Presence Of(DataSetCard card, IDataDoor door, string? given)
        {
            var examples = $"{Numbers.Count(card.Train)} + {Numbers.Count(card.Validation)}";
            if (card.BuiltIn)
            {
                return new(card.Name, examples, 0, "built in", "");
            }

            var located = card.Files.Select(file => (File: file, Path: door.Locate(card, file, given))).Where(found => found.Path is not null).ToArray();
            var there = located.Select(found => found.Path!).ToArray();
            var others = located.Count(found => !door.HasPublishedLength(found.File, found.Path!));
            var state = others > 0 ? $"{others} of {card.Files.Count} not as published" : there.Length == card.Files.Count ? "complete" : there.Length == 0 ? "not here" : $"{there.Length} of {card.Files.Count} files";
            return new(card.Name, examples, card.Files.Sum(file => file.Bytes), state, there.Length == 0 ? "" : Path.GetDirectoryName(there[0]) ?? "");
        }
    }
}
