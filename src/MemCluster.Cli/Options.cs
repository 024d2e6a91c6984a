using System.CommandLine;
using System.Globalization;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Telemetry;

namespace MemCluster.Cli;

/// <summary>Options that several verbs share, so that one name means one thing everywhere.</summary>
internal static class Options
{
    /// <summary>One or more sweep files. A mistyped option must not be taken for one.</summary>
    public static Argument<string[]> Specs(string description)
    {
        var argument = new Argument<string[]>("SPEC") { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
            {
                result.AddError($"There is no option {token.Value} here.");
            }
        });
        return argument;
    }

    public static Option<string> Home() => new("--home")
    {
        Description = "Folder of the journal and the results.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".memcluster",
    };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Override a setting of the file, for example training.epochs=5. Repeatable.",
        HelpName = "SETTING=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> Preset(string description = "Lay this preset of the file over it, for example quick; the sweep is then named NAME-PRESET.") =>
        new("--preset") { Description = description, HelpName = "PRESET" };

    public static Option<string?> Data() => new("--data") { Description = "Folder to look for data sets in first.", HelpName = "DIR" };

    public static Option<int> Slots(string description = "Trials trained at once; 0 leaves training to trainers that join.")
    {
        var option = new Option<int>("--slots")
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slots) || slots > 4096)
                {
                    result.AddError($"--slots is a number from 0 to 4,096, not '{text}'.");
                }

                return slots;
            },
        };
        return option;
    }

    public static Option<string[]> Label()
    {
        var option = new Option<string[]>("--label")
        {
            Description = "What this machine offers to sweeps that ask for it (requires: { label: gpu }). Repeatable.",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !NodeLabel.IsValid(token.Value)))
            {
                result.AddError($"--label is {NodeLabel.Expected}, not '{token.Value}'.");
            }
        });
        return option;
    }

    public static Option<string?> Memory()
    {
        var option = new Option<string?>("--memory")
        {
            Description = "Memory that trials may ask for together (requires: { memory: 8GiB }). Default: all there is.",
            HelpName = "SIZE",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count != 1 || !MemorySize.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"--memory is {MemorySize.Expected}, not '{string.Join(' ', result.Tokens.Select(token => token.Value))}'.");
            }
        });
        return option;
    }

    public static Option<string?> At() => Address("--at", "Ask the coordinator at this address instead of the home; of several, with commas between them, the first that answers.", several: true);

    public static Option<string?> TokenFile() => new("--token-file")
    {
        Description = $"File that holds the API's token and only you can read. Default: {ApiToken.Variable}.",
        HelpName = "FILE",
    };

    public static Option<string?> Certificates() => new("--certificates")
    {
        Description = "Folder with ca.crt, node.crt and node.key (deploy/certificates/make.sh): only nodes of that CA get in.",
        HelpName = "DIR",
    };

    public static Option<string?> Listen() => Address("--listen", "Address for nodes that join; port 0 takes a free one. Default: loopback, a free port.");

    public static Option<string?> Advertise() => Address("--advertise", "Address by which others reach this node, where it differs from --listen.");

    public static Option<string?> Log(string where) =>
        new("--log") { Description = $"File for log lines, or stderr. Default: {where}", HelpName = "FILE" };

    public static Option<string?> Otlp() => new("--otlp")
    {
        Description = $"Send measurements, spans and log lines to this OpenTelemetry collector. Default: {OtlpOptions.Variable}; else nowhere.",
        HelpName = "URL",
    };

    public static Option<string?> LogFormat()
    {
        var option = new Option<string?>("--log-format") { Description = "A line for people, or a JSON object: text or json.", HelpName = "FORMAT" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    public static Option<string?> Journal() => new("--journal")
    {
        Description = "Keep the journal in this PostgreSQL database: \"Host=db;Database=memcluster;Username=memcluster\". The password goes into PGPASSWORD "
            + "or PGPASSFILE, or with the whole connection into MEMCLUSTER_JOURNAL. Default: a SQLite file in the home.",
        HelpName = "CONNECTION",
    };

    public static Option<string?> Hocon() => new("--hocon")
    {
        Description = "Akka's own settings, on top of ours; AKKA__… variables lie on top of it.",
        HelpName = "FILE",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    public static Option<bool> Verbose() => new("--verbose") { Description = "Log more: each trial too; and write a file, and name it, if memcluster itself goes wrong.", Recursive = true };

    /// <summary>May be given several times, and hold several with commas between.</summary>
    public static Option<string[]> Join(string description)
    {
        var option = new Option<string[]>("--join") { Description = description, HelpName = "HOST:PORT,…", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
        option.Validators.Add(result =>
        {
            try
            {
                SeedNodes.Parse(result.Tokens.Select(token => token.Value));
            }
            catch (FormatException mistake)
            {
                result.AddError($"--join: {mistake.Message}");
            }
        });
        return option;
    }

    public static Option<string?> Address(string name, string description, bool several = false)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "HOST:PORT" };
        option.Validators.Add(result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if ((several ? text.Split(',') : [text]).FirstOrDefault(one => !IsAddress(one)) is { } wrong)
            {
                result.AddError($"{name} is an address like node1:4053 or 127.0.0.1:0, not '{wrong}'.");
            }
        });
        return option;
    }

    private static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal)
        || (text.LastIndexOf(':') is var colon and > 0 && ushort.TryParse(text.AsSpan(colon + 1), out _));
}
