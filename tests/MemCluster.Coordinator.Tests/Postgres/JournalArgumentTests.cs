using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests.Postgres;

public sealed class JournalArgumentTests
{
    private const string Secret = "correct-horse";

    [Fact]
    public void Without_argument_and_variable_the_journal_is_a_file_in_the_home() => Assert.Null(JournalArgument.Parse(null, null));

    [Theory]
    [InlineData("Host=db;Username=m;Password=" + Secret)]
    [InlineData("host=db;pwd=" + Secret)]
    [InlineData("Host=db;SSL Password=" + Secret)]
    public void A_password_among_the_arguments_is_refused_with_the_places_where_it_may_stand_and_not_repeated(string argument)
    {
        var problem = Assert.Throws<UserError>(() => JournalArgument.Parse(argument, null));

        foreach (var place in (string[])["PGPASSWORD", "PGPASSFILE", "0600", "MEMCLUSTER_JOURNAL"])
        {
            Assert.Contains(place, problem.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Secret, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_variable_may_hold_it_and_nothing_that_is_printed_shows_it()
    {
        var connection = JournalArgument.Parse(null, $"Host=db;Database=sweeps;Username=m;Password={Secret}")!;
        var place = new PostgresJournal(connection);

        Assert.Contains(Secret, connection.Secret, StringComparison.Ordinal);
        Assert.Equal("database sweeps at db:5432", connection.ToString());
        Assert.DoesNotContain(Secret, $"{place.Name}{place.Config}", StringComparison.Ordinal);
    }

    [Fact]
    public void The_argument_wins_over_the_variable() =>
        Assert.Equal("database b at two:1", JournalArgument.Parse("Host=two;Port=1;Database=b", "Host=one;Database=a")!.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("Database=sweeps")]
    [InlineData("postgres://me:" + Secret + "@db/sweeps")]
    [InlineData("Host=db;Port=many")]
    [InlineData("Host=db;Colour=blue")]
    [InlineData("Host=db;Password=" + Secret + ";=")]
    public void What_is_no_connection_is_refused_with_an_example_and_not_repeated(string argument)
    {
        var problem = Assert.Throws<UserError>(() => JournalArgument.Parse(argument, null));

        Assert.Contains("Host=db;Database=memcluster", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_file_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // No such modes there.
        }

        using var home = new TemporaryHome();
        var file = Path.Combine(home.Home.Folder, "pgpass");
        File.WriteAllText(file, $"*:*:*:*:{Secret}");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Contains($"chmod 600 {file}", Assert.Throws<UserError>(() => JournalArgument.Parse($"Host=db;Passfile={file}", null)).Message, StringComparison.Ordinal);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.NotNull(JournalArgument.Parse($"Host=db;Passfile={file}", null));
    }
}
