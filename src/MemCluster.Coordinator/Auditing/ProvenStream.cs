using System.Data.Common;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Auditing;

/// <summary>Reads one stream to its end and proves it event by event. Behind an event that is wrong it goes on with the link that stands in it.</summary>
internal sealed class ProvenStream(IJournalRows rows, string stream)
{
    private readonly Dictionary<long, string> _links = [];
    private readonly HashSet<long> _kept = [];
    private StreamProof _proof = new(stream, StreamHead.Begin);

    public string Name => stream;

    /// <summary>The last event that is there.</summary>
    public StreamHead Head => _proof.Head;

    public long Events { get; private set; }

    /// <summary>Of versions that had no chain.</summary>
    public long Unchained { get; private set; }

    /// <summary>Links of these events are wanted later.</summary>
    public void Keep(IEnumerable<long> numbers) => _kept.UnionWith(numbers);

    /// <summary>Null where the event is not there, or its link was not kept.</summary>
    public string? LinkOf(long number) => _links.GetValueOrDefault(number);

    /// <param name="take">Each event that is proved.</param>
    /// <param name="broken">Each that is not: its number, the trial that it names as far as it can be read, and a sentence.</param>
    public async Task Read(Action<long, IMessage> take, Action<long, int?, string> broken, CancellationToken cancel)
    {
        try
        {
            await foreach (var row in rows.Of(stream, cancel).ConfigureAwait(false))
            {
                Events++;
                Take(row, take, broken);
            }
        }
        catch (Exception problem) when (problem is DbException or InvalidCastException or FormatException or OverflowException)
        {
            broken(_proof.Head.Number + 1, null, $"Behind event {_proof.Head.Number} of {stream} the database can't be read: {problem.Message.TrimEnd('.')}.");
        }
    }

    private void Take(StoredEvent row, Action<long, IMessage> take, Action<long, int?, string> broken)
    {
        if (row.Number > _proof.Head.Number + 1)
        {
            var (first, last) = (_proof.Head.Number + 1, row.Number - 1);
            broken(first, null, first == last ? $"Event {first} of {stream} is gone." : $"Events {first} to {last} of {stream} are gone.");
        }

        try
        {
            var stored = row.Stored;
            if (row.Number != _proof.Head.Number + 1 && stored is JournalEntry alone)
            {
                // Whether it is what was written can't be told without the one before; what it says of itself is taken up.
                broken(row.Number, TrialIn(row), $"Event {row.Number} of {stream} can't be proved without the one before it.");
                _proof = new(stream, new(row.Number, alone.Link));
                return;
            }

            var happened = _proof.Next(row.Number, stored);
            Unchained += stored is JournalEntry ? 0 : 1;
            if (_kept.Contains(row.Number))
            {
                _links[row.Number] = _proof.Head.Link;
            }

            take(row.Number, happened);
        }
        catch (Exception problem)
        {
            var what = problem is BrokenStreamException ? Sentence(problem.Message) : $"Event {row.Number} of {stream} can't be read: {problem.Message.Split('\n', 2)[0].TrimEnd('.')}.";
            broken(row.Number, TrialIn(row), what);
            _proof = new(stream, new(row.Number, JournalEntry.Parse(row.Bytes, row.Kind).Link));
        }
    }

    /// <summary>A damaged event may still say what it is about.</summary>
    private static int? TrialIn(StoredEvent row)
    {
        try
        {
            var happened = row.Stored is JournalEntry entry ? entry.Event : (IMessage)row.Stored;
            return ControlAudit.AttemptOf(happened)?.Trial;
        }
        catch (Exception)
        {
            return TrialNamed(row.Bytes);
        }
    }

    private static int? TrialNamed(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf("\"trial\":"u8);
        return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(bytes[(at + 8)..], out int trial, out _) ? trial : null;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
