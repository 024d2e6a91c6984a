using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

/// <summary>Which weights a sweep keeps: said in the file, no part of what its trials are.</summary>
public sealed class KeepTests
{
    [Theory]
    [InlineData("keep: weights", "weights")]
    [InlineData("keep: weights last", "weights")]
    [InlineData("keep: { weights: last }", "weights")]
    [InlineData("keep: weights best", "weights best")]
    [InlineData("keep: { weights: [10, best, 1, last] }", "weights last best at 1,10")]
    [InlineData("keep: { weights: { at: [1, 10] } }", "weights at 1,10")]
    [InlineData("keep: weights best at 5,best,last", "weights last best at 5")]
    [InlineData("keep: { weights: 3 }", "weights at 3")]
    [InlineData("keep: none", "")]
    [InlineData("keep:", "")]
    [InlineData("", "")]
    public void A_sweep_says_which_weights_it_keeps(string line, string plan)
    {
        var spec = With(line);

        Assert.Equal(plan, spec.Keep.Text);
        Assert.Equal((spec.Canonical, spec.Keep), (SpecFile.FromCanonical(spec.Canonical).Canonical, SpecFile.FromCanonical(spec.Canonical).Keep));
        Assert.Equal(plan.Length > 0, spec.Canonical.Contains("keep:", StringComparison.Ordinal));
    }

    [Fact]
    public void It_changes_no_digest_no_cell_and_is_no_difference()
    {
        var (plain, keeping) = (With(), With("keep: weights best at 1,2"));

        Assert.Equal(plain.Digest, keeping.Digest);
        Assert.Equal(new Grid(plain).CellAt(0), new Grid(keeping).CellAt(0));
        Assert.Empty(SpecDifference.Between(plain.Canonical, keeping.Canonical));
        Assert.Equal("weights best", Read(Glyphs("keep: weights"), "keep=weights best").Keep.Text);
    }

    [Theory]
    [InlineData("keep: everything", "s.yaml:3:7  keep 'everything' is not 'weights' (after the last epoch), 'weights best', 'weights last best at 1,10', or none")]
    [InlineData("keep: [weights]", "s.yaml:3:7  keep is 'weights' (after the last epoch), 'weights best', 'weights last best at 1,10', or none")]
    [InlineData("keep: { optimizer: last }", "s.yaml:3:9  unknown key 'optimizer' in keep; expected one of weights")]
    [InlineData("keep: weights at 0", "s.yaml:3:7  0 is no moment to keep weights at; expected last, best, or epochs from 1: 'weights' (after the last epoch), 'weights best', 'weights last best at 1,10', or none")]
    [InlineData("keep: weights first", "s.yaml:3:7  'first' is no moment to keep weights at; expected last, best, or epochs from 1: 'weights' (after the last epoch), 'weights best', 'weights last best at 1,10', or none")]
    [InlineData("keep: weights at 101", "s.yaml:3:7  weights are to be kept after epoch 101, and training has at most 100; take it out, or write 'last'")]
    [InlineData("keep: weights\nnetwork: sleep 1", "s.yaml:3:7  keep: trials that only sleep have no weights; leave it out, or write 'keep: none'")]
    [InlineData("keep: weights\nnetwork: { kind: mlp, depth: 2 }\naxes: { capacity: [32, 8192] }", "s.yaml:3:7  weights of 280 MiB are too much to be kept, for they stand in the journal; a network may have 128 MiB of them")]
    public void What_can_t_be_kept_has_its_place_and_says_what_to_write(string lines, string expected) => Assert.Equal(expected, OnlyProblem(Glyphs(lines)));

    [Fact]
    public void There_is_no_best_epoch_where_nothing_is_scored_on() => Assert.Equal(
        "s.yaml:3:7  the best epoch is that of the best validation accuracy, and there are no validation examples; keep the last weights, or those at some epochs",
        OnlyProblem("sweep: s\ndata: { name: glyphs, train: 100, labels: unique }\nkeep: weights best\n"));

    [Fact]
    public void A_trainer_is_told_of_the_grids_trials_alone()
    {
        var spec = Read("sweep: s\ndata: { name: glyphs, train: 100 }\nkeep: weights best\nprune: el2n highest 0.2\n");
        var book = new SweepBook(spec.Name, spec, new(spec));

        Assert.Equal(new("weights best"), book.Describe(new(new(spec.Name, new(1, 1), 1), 1)).Keep);
        Assert.Null(book.Describe(new(new(spec.Name, new(1, 2), 1), 2)).Keep);
        var plain = Read("sweep: s\ndata: glyphs\n");
        Assert.Null(new SweepBook(plain.Name, plain, new(plain)).Describe(new(new(plain.Name, new(1, 1), 1), 1)).Keep);
    }

    /// <summary>One finding for each way in which kept weights can be other than the epoch's.</summary>
    [Theory]
    [InlineData("", null)]
    [InlineData("changed", "The weights that trial 1 kept of epoch 1 have digest")]
    [InlineData("a part less", "Of the weights that trial 1 kept of epoch 1 a part is gone.")]
    [InlineData("no such epoch", "The weights that trial 1 kept of epoch 7 have digest")]
    public void An_audit_finds_kept_weights_that_are_not_their_epochs(string damage, string? found)
    {
        var spec = With("training: { epochs: 1 }", "keep: weights");
        var weights = new Safetensors([new("0.weight", Safetensors.Float32, [30_000], 120_000)], [], Enumerable.Range(0, 120_000).Select(i => (byte)i).ToArray());
        var kept = Finding.OfWeights(damage == "no such epoch" ? 7 : 1, weights);
        var parts = FindingPart.Of(kept).ToList();
        Assert.Equal(3, parts.Count);
        if (damage == "changed")
        {
            parts[1].Values[5] ^= 1;
        }
        else if (damage == "a part less")
        {
            parts.RemoveAt(2);
        }

        var key = new TrialKey(spec.Name, new Grid(spec).CellAt(0), 1);
        var outcome = TrialOutcomes.Fold(TrialState.Finished, [Epoch()], "");
        var control = new ControlAudit(spec.Name, "sweep-s");
        control.Take(1, new SweepEvent.SweepSubmitted(spec.Name, spec.Canonical, spec.Digest, Grid.ExpansionVersion, NumericsSettings.Version, 1, default));
        control.Take(2, new SweepEvent.FingerprintSettled(spec.Name, "ab", "lab-1", default));
        control.Take(3, new SweepEvent.TrialAssigned(key, 1, "lab-1", default));
        control.Take(4, new SweepEvent.TrialFinished(key, 1, outcome, TimeSpan.Zero, default));
        var audit = new MetricsAudit(spec.Name, "metrics-s-0", control);
        var number = 0;
        foreach (var part in parts)
        {
            audit.Take(++number, new TrialFound(key, 1, number, [part], default));
        }

        audit.Take(++number, new TrialMeasured(
            key, 1, 1, MeasureNames.Epoch, System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(Epoch().Values.ToArray()).ToArray(), [weights.Digest], default));
        audit.End(new(number, ""));

        Assert.Empty(control.Findings);
        if (found is null)
        {
            Assert.Empty(audit.Findings);
            Assert.Equal([1], audit.Proved);
        }
        else
        {
            Assert.StartsWith(found, Assert.Single(audit.Findings).What, StringComparison.Ordinal);
            Assert.Empty(audit.Proved);
        }

        EpochMeasures Epoch() => new(1, [.. Enumerable.Repeat(0.5, MeasureNames.Epoch.Length)], weights.Digest);
    }
}
