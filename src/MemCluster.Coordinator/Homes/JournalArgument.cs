using MemCluster.Operations;
using Npgsql;

namespace MemCluster.Coordinator;

/// <summary>How a PostgreSQL journal is reached. Its text form never shows the password.</summary>
public sealed class JournalConnection
{
    private readonly NpgsqlConnectionStringBuilder _parts;

    internal JournalConnection(NpgsqlConnectionStringBuilder parts) => _parts = parts;

    /// <summary>With the password, if one was given: for the driver alone.</summary>
    public string Secret => _parts.ConnectionString;

    /// <summary><c>database memcluster at db:5432</c>.</summary>
    public override string ToString() => $"database {_parts.Database ?? _parts.Username} at {_parts.Host}:{_parts.Port}";
}

/// <summary><c>--journal</c> and the environment variable of the same meaning.</summary>
public static class JournalArgument
{
    public const string Variable = "MEMCLUSTER_JOURNAL";

    private const string Example = "Host=db;Database=memcluster;Username=memcluster";

    /// <param name="argument">From the command line, which others can see: without a password. It wins over the variable.</param>
    /// <param name="variable">From the environment; may hold the password.</param>
    /// <returns>Null where neither is there: the journal is a SQLite file in the home.</returns>
    /// <exception cref="UserError">It is no connection, or a password stands where others can see it.</exception>
    public static JournalConnection? Parse(string? argument, string? variable)
    {
        if (string.IsNullOrWhiteSpace(argument) && string.IsNullOrWhiteSpace(variable))
        {
            return argument is null ? null : throw new UserError($"--journal is empty; write for instance --journal \"{Example}\"");
        }

        var parts = Read(argument ?? variable!, argument is null ? Variable : "--journal");
        if (argument is not null && (parts.Password is not null || parts.SslPassword is not null))
        {
            throw new UserError(
                "A password in --journal can be seen by everybody on this machine; leave it out there. Say it in PGPASSWORD, in a file of mode 0600 "
                + $"that PGPASSFILE names (a line host:port:database:user:password), or give the whole connection in {Variable}.");
        }

        RefuseOpenPassfile(parts.Passfile ?? Environment.GetEnvironmentVariable("PGPASSFILE"));
        return new(WithDefaults(parts));
    }

    /// <summary>From the command line and this process's environment.</summary>
    /// <exception cref="UserError">As <see cref="Parse"/>.</exception>
    public static JournalConnection? Of(string? argument) => Parse(argument, Environment.GetEnvironmentVariable(Variable));

    /// <summary>What it says is not repeated: a password may stand in it.</summary>
    private static NpgsqlConnectionStringBuilder Read(string text, string where)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrEmpty(parts.Host)
                ? throw new UserError($"{where} names no host of a PostgreSQL server; write for instance \"{Example}\"")
                : parts;
        }
        catch (Exception mistake) when (mistake is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new UserError($"{where} is no connection to PostgreSQL as Npgsql writes it; write for instance \"{Example}\"");
        }
    }

    /// <summary>As psql does: a file that others can read is no place for a password.</summary>
    private static void RefuseOpenPassfile(string? file)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && file is not null && File.Exists(file) && (File.GetUnixFileMode(file) & Others) != 0)
        {
            throw new UserError($"The password file {file} can be read by others; say: chmod 600 {file}");
        }
    }

    /// <summary>Where nothing is said: a server that is gone is noticed in seconds, and three coordinators share its hundred connections with others.</summary>
    private static NpgsqlConnectionStringBuilder WithDefaults(NpgsqlConnectionStringBuilder parts)
    {
        void Unless(string key, Action set)
        {
            if (!parts.ShouldSerialize(key))
            {
                set();
            }
        }

        Unless("Application Name", () => parts.ApplicationName = "memcluster");
        Unless("Timeout", () => parts.Timeout = 5);
        Unless("Command Timeout", () => parts.CommandTimeout = 15);
        Unless("Keepalive", () => parts.KeepAlive = 10);
        Unless("Maximum Pool Size", () => parts.MaxPoolSize = 20);
        return parts;
    }
}
