using System.CommandLine;
using MemCluster.Coordinator;
using MemCluster.Operations;
using MemCluster.Telemetry;

namespace MemCluster.Cli;

/// <summary>The options that <c>run</c> and <c>resume</c> share.</summary>
internal sealed class RunSwitches
{
    private readonly Option<string> _home = Options.Home();
    private readonly Option<int> _slots = Options.Slots();
    private readonly Option<string?> _data = Options.Data();
    private readonly Option<string[]> _label = Options.Label();
    private readonly Option<string?> _memory = Options.Memory();
    private readonly Option<string?> _listen = Options.Listen();
    private readonly Option<string?> _advertise = Options.Advertise();

    private readonly Option<string?> _certificates = Options.Certificates();
    private readonly Option<string?> _log = Options.Log("memcluster.log in the home");
    private readonly Option<string?> _logFormat = Options.LogFormat();
    private readonly Option<string?> _otlp = Options.Otlp();
    private readonly Option<string?> _journal = Options.Journal();
    private readonly Option<string?> _hocon = Options.Hocon();

    private readonly Option<bool> _accept = new("--accept-version")
    {
        Description = "Continue a sweep that was begun under another numerics version; its later trials may differ in the last bits.",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
                 {
                     _home, _slots, _data, _label, _memory, _listen, _advertise, _certificates, _journal, _hocon, _accept, _log, _logFormat, _otlp,
                 })
        {
            command.Add(option);
        }
    }

    public RunOptions Of(ParseResult parse)
    {
        var home = parse.GetValue(_home)!;
        return new(
            home, parse.GetValue(_slots), parse.GetValue(_data), parse.GetValue(_listen), parse.GetValue(_advertise), parse.GetValue(_journal),
            parse.GetValue(_accept),
            LogOptions.Of(parse.GetValue(_log), parse.GetValue(_logFormat), CommandTree.IsVerbose(parse), new Home(home).LogFile))
        {
            Hocon = parse.GetValue(_hocon),
            Labels = parse.GetValue(_label)!,
            Memory = parse.GetValue(_memory),
            Certificates = parse.GetValue(_certificates),
            Otlp = OtlpOf(parse.GetValue(_otlp)),
        };
    }

    private static OtlpOptions? OtlpOf(string? url)
    {
        try
        {
            return OtlpOptions.Of(url);
        }
        catch (FormatException mistake)
        {
            throw new UserError(mistake.Message);
        }
    }

    public string HomeOf(ParseResult parse) => parse.GetValue(_home)!;
}
