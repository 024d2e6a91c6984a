namespace MemCluster.Hosting;

/// <summary>The few <c>--name value</c> arguments of the two node executables; the whole command line is memcluster's.</summary>
public sealed class ArgumentList(IEnumerable<string> arguments)
{
    private readonly List<string> _rest = [.. arguments];

    /// <returns>The value behind the option; null if it isn't there.</returns>
    /// <exception cref="FormatException">The option has no value.</exception>
    public string? Take(string option)
    {
        var at = _rest.IndexOf(option);
        if (at < 0)
        {
            return null;
        }

        if (at + 1 == _rest.Count)
        {
            throw new FormatException($"{option} needs a value.");
        }

        var value = _rest[at + 1];
        _rest.RemoveRange(at, 2);
        return value;
    }

    /// <returns>The values behind each time the option is given, in order.</returns>
    /// <exception cref="FormatException">One of them has no value.</exception>
    public IReadOnlyList<string> TakeAll(string option)
    {
        var values = new List<string>();
        while (Take(option) is { } value)
        {
            values.Add(value);
        }

        return values;
    }

    /// <returns>Whether the switch, which has no value, is there.</returns>
    public bool TakeSwitch(string option) => _rest.Remove(option);

    /// <exception cref="FormatException">Something is left that no option took.</exception>
    public void RefuseRest()
    {
        if (_rest.Count > 0)
        {
            throw new FormatException($"'{_rest[0]}' is not understood; --help lists the options.");
        }
    }
}
