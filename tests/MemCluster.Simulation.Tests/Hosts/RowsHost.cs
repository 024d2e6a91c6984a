using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>
/// Does what the product's read model does for those who wait for its rows: lists the sweeps, reads what it lacks, hears of what is written, falls and
/// begins again. Whoever asks is answered when all that was written before is in the rows.
/// </summary>
internal sealed class RowsHost
{
    private readonly World _world;
    private readonly Chance _chance;
    private readonly Dictionary<string, long> _folded = [];
    private readonly Dictionary<int, long> _asked = [];
    private readonly HashSet<int> _unanswered = [];
    private RowsWait<int> _wait = RowsWait.Nothing<int>();
    private bool _isUp;
    private int _life;
    private int _askers;

    public RowsHost(World world)
    {
        (_world, _chance) = (world, new(world.Schedule.Seed ^ 0xD4));
        world.Database.Written += Hear;
    }

    public bool HasUnanswered => _unanswered.Count > 0;

    public void Begin()
    {
        Start();
        for (var times = _chance.From(1, 6); times > 0; times--)
        {
            _world.Time.After(_chance.Seconds(0, _world.Schedule.HealsAt), Fall);
        }

        for (var times = _chance.From(1, 8); times > 0; times--)
        {
            _world.Time.After(_chance.Seconds(0, _world.Schedule.HealsAt), () => Ask(++_askers));
        }
    }

    /// <summary>The journal is an older copy now, and the rows are made anew.</summary>
    public void PutBack()
    {
        _folded.Clear();
        foreach (var asker in _asked.Keys.ToArray())
        {
            _asked[asker] = 0;
        }

        Fall();
    }

    private void Fall()
    {
        (_isUp, _wait) = (false, RowsWait.Nothing<int>());
        _life++;
        _world.Time.After(_chance.Seconds(0.2, 4), Start);
    }

    private void Start()
    {
        var life = ++_life;
        (_isUp, _wait) = (true, RowsWait.Nothing<int>());
        After(0.3, life, () =>
        {
            _wait = _wait.Found();
            foreach (var sweep in Specs.All.Take(_world.Schedule.Sweeps).Select(spec => spec.Name))
            {
                Read(sweep, missed: false);
            }

            Answer();
        });
        Tick(life);
    }

    private void Tick(int life) => After(0.5, life, () =>
    {
        Answer();
        Tick(life);
    });

    private void Read(SweepId sweep, bool missed)
    {
        (_wait, var begins) = _wait.Reads(sweep, missed);
        if (begins)
        {
            var life = _life;
            var until = _world.Database.Rows(Stream(sweep)).Count; // As of now; what is written while it reads is heard, or missed.
            After(0.8, life, () =>
            {
                _folded[Stream(sweep)] = Math.Max(_folded.GetValueOrDefault(Stream(sweep)), until);
                (_wait, var again) = _wait.CaughtUp(sweep);
                if (again)
                {
                    Read(sweep, missed: false);
                }

                Answer();
            });
        }
    }

    private void Hear(Row row)
    {
        if (!_isUp || row.Event is not SweepEvent)
        {
            return;
        }

        if (row.Number == _folded.GetValueOrDefault(row.Stream) + 1)
        {
            _folded[row.Stream] = row.Number;
        }
        else if (row.Number > _folded.GetValueOrDefault(row.Stream))
        {
            Read(new(row.Stream["sweep-".Length..]), missed: true);
        }
    }

    private void Ask(int asker)
    {
        if (_unanswered.Add(asker))
        {
            _asked[asker] = _world.Database.Last;
        }

        if (_isUp)
        {
            _wait = _wait.Asked(asker, _world.Time.Now);
            Answer();
        }

        if (!_world.Bugs.Has(Bug.ReadersForgotten))
        {
            _world.Time.After(RowsPatience.AskAgainAfter, () => AskAgain(asker));
        }
    }

    private void AskAgain(int asker)
    {
        if (_unanswered.Contains(asker))
        {
            Ask(asker);
        }
    }

    private void Answer()
    {
        (_wait, var answered, var behind) = _wait.Answers(_world.Time.Now);
        foreach (var asker in answered)
        {
            if (behind is not null)
            {
                _world.Time.After(TimeSpan.Zero, () => AskAgain(asker)); // He hears how far it is, and goes on waiting.
                continue;
            }

            if (_unanswered.Remove(asker) && _world.Database.All.FirstOrDefault(row =>
                row.Place <= _asked[asker] && row.Event is SweepEvent && row.Number > _folded.GetValueOrDefault(row.Stream)) is { } missing)
            {
                throw new BrokenPromise($"All is said to be in the rows, and event {missing.Number} of {missing.Stream}, written before, is not.");
            }
        }
    }

    private void After(double most, int life, Action action) => _world.Time.After(_chance.Seconds(0.001, most), () =>
    {
        if (life == _life)
        {
            action();
        }
    });

    private static string Stream(SweepId sweep) => $"sweep-{sweep}";
}
