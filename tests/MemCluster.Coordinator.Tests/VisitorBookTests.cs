using System.Net;
using MemCluster.Hosting;

namespace MemCluster.Coordinator.Tests;

/// <summary>Who goes when a door is full.</summary>
public sealed class VisitorBookTests
{
    [Fact]
    public void While_there_is_room_nobody_goes()
    {
        var book = new VisitorBook(2);

        Assert.Null(book.Enter(From("a")));
        Assert.Null(book.Enter(From("b")));
        Assert.Equal(2, book.Count);
    }

    [Fact]
    public void In_a_full_house_whoever_has_done_nothing_for_longest_goes_for_the_newest()
    {
        var book = new VisitorBook(3);
        var (first, second, third) = (In(book, "a"), In(book, "a"), In(book, "a"));
        book.Begin(first);
        book.End(first);

        Assert.Same(second, book.Enter(From("a")));
        Assert.Same(third, book.Enter(From("a")));
        Assert.Same(first, book.Enter(From("a")));
        Assert.Equal(3, book.Count);
    }

    [Fact]
    public void Who_has_something_under_way_stays_and_if_all_have_the_newest_does_not_come_in()
    {
        var book = new VisitorBook(2);
        var (watching, exporting) = (In(book, "a"), In(book, "a"));
        book.Begin(watching);
        book.Begin(exporting);
        var late = From("b");

        Assert.Same(late, book.Enter(late));
        Assert.Equal(2, book.Count);

        book.End(exporting);
        Assert.Same(exporting, book.Enter(From("b")));
    }

    [Fact]
    public void With_two_requests_on_one_connection_it_is_idle_only_after_both()
    {
        var book = new VisitorBook(2);
        var (both, idle) = (In(book, "a"), In(book, "a"));
        book.Begin(both);
        book.Begin(both);
        book.End(both);

        Assert.Same(idle, book.Enter(From("a")));
    }

    [Fact]
    public void Strangers_go_before_those_of_this_machine_and_these_before_those_that_have_shown_the_token()
    {
        var book = new VisitorBook(3);
        var (known, near, stranger) = (In(book, "a"), In(book, "127.0.0.1", Trust.Near), In(book, "a"));
        book.Believe(known, Trust.Known);
        book.Believe(known, Trust.Unknown);

        Assert.Same(stranger, book.Enter(From("127.0.0.1", Trust.Near)));
        Assert.Same(near, book.Enter(From("127.0.0.1", Trust.Near)));
        Assert.Equal(Trust.Known, known.Trust);
    }

    [Fact]
    public void Whoever_has_most_connections_gives_up_one_first()
    {
        var book = new VisitorBook(4);
        In(book, "owner");
        var (first, second) = (In(book, "greedy"), In(book, "greedy"));
        In(book, "probe");

        Assert.Same(first, book.Enter(From("greedy")));
        Assert.Same(second, book.Enter(From("greedy")));
    }

    [Fact]
    public void Whoever_comes_in_among_the_known_has_time_to_ask()
    {
        var book = new VisitorBook(32);
        var owners = Enumerable.Range(0, 32).Select(_ => In(book, "owner")).ToArray();
        Array.ForEach(owners, owner => book.Believe(owner, Trust.Known));

        var went = Enumerable.Range(0, 4).Select(number => book.Enter(From("owner"))!).ToArray();

        Assert.Equal(owners[..4], went);
    }

    [Fact]
    public void A_thousand_strangers_cost_the_known_ones_an_eighth_of_the_places_and_one()
    {
        var book = new VisitorBook(32);
        for (var count = 0; count < 32; count++)
        {
            book.Believe(In(book, "owner"), Trust.Known);
        }

        var went = Enumerable.Range(0, 1000).Select(number => book.Enter(From($"10.0.{number / 250}.{number % 250}"))!).ToArray();

        Assert.Equal(5, went.Count(visitor => visitor.Trust == Trust.Known));
    }

    [Fact]
    public void Who_left_takes_no_place()
    {
        var book = new VisitorBook(1);
        book.Leave(In(book, "a"));

        Assert.Null(book.Enter(From("b")));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1")]
    public void Addresses_that_one_machine_may_take_at_will_count_as_one(string address, string name) => Assert.Equal(name, Visitor.NameOf(IPAddress.Parse(address)));

    [Theory]
    [InlineData("Max open files            1024                 524288               files", 256)]
    [InlineData("Max open files            524288               524288               files", 512)]
    [InlineData("Max open files            unlimited            unlimited            files", 512)]
    [InlineData("Max open files            64                   64                   files", 32)]
    [InlineData("Max processes             63446                63446                processes", 256)]
    [InlineData(null, 256)]
    public void Connections_take_at_most_a_quarter_of_the_files_that_may_be_open(string? limits, int connections) =>
        Assert.Equal(connections, OpenFiles.RoomIn(limits is null ? null : $"Limit                     Soft Limit           Hard Limit           Units\n{limits}\n"));

    private static Visitor From(string from, Trust trust = Trust.Unknown) => new(from, trust, () => { });

    private static Visitor In(VisitorBook book, string from, Trust trust = Trust.Unknown)
    {
        var visitor = From(from, trust);
        Assert.Null(book.Enter(visitor));
        return visitor;
    }
}
