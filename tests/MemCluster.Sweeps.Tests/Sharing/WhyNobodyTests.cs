using CsCheck;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests.Sharing;

/// <summary>Why work waits, in words for the operator.</summary>
public sealed class WhyNobodyTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void Nobody_is_there() => Assert.Equal("no trainer is connected", WhyNobody.Of(Asks(), []));

    [Fact]
    public void Where_one_trainer_can_there_is_no_reason() => Assert.Equal(
        "", WhyNobody.Of(Asks(labels: ["gpu"]), [Trainer("node2"), Trainer("node7", labels: ["gpu", "big"]), Trainer("node8", hindrance: new Hindrance.Drained())]));

    [Fact]
    public void A_label_that_nobody_offers_is_named_with_what_they_do_offer()
    {
        Assert.Equal(
            "no trainer offers label gpu; node2 and node7 offer: big; node9 offers: none",
            WhyNobody.Of(Asks(labels: ["gpu"]), [Trainer("node7", labels: ["big"]), Trainer("node2", labels: ["big"]), Trainer("node9")]));
        Assert.Equal(
            "no trainer offers label gpu; node2 offers: big",
            WhyNobody.Of(Asks(labels: ["big", "gpu"]), [Trainer("node2", labels: ["big"])]));
        Assert.Equal(
            "no trainer offers labels big and gpu together; node2 offers: big; node7 offers: gpu",
            WhyNobody.Of(Asks(labels: ["big", "gpu"]), [Trainer("node2", labels: ["big"]), Trainer("node7", labels: ["gpu"])]));
    }

    [Fact]
    public void Too_little_memory_is_told_with_the_most_that_there_is() => Assert.Equal(
        "a trial asks for 8 GiB of memory, and no trainer has more than 4 GiB (node7)",
        WhyNobody.Of(Asks(memory: 8 * GiB), [Trainer("node2", memory: GiB), Trainer("node7", memory: 4 * GiB)]));

    [Theory]
    [InlineData("native", "cpu", "avx2", "it asks for numerics avx2; node2 computes with native on the cpu")]
    [InlineData("avx2", "cpu", "cuda", "it asks for numerics cuda; node2 computes with avx2 on the cpu")]
    [InlineData("cuda", "cuda:0", "avx2", "it asks for numerics avx2; node2 computes on cuda:0")]
    public void Another_arithmetic_or_device_is_told_with_both(string has, string device, string asked, string expected) =>
        Assert.Equal(expected, WhyNobody.Of(Asks(set: asked), [Trainer("node2", set: has, device: device)]));

    [Fact]
    public void What_a_trainer_was_refused_for_is_told_as_it_was_said() => Assert.Equal(
        "node2 computes other bits",
        WhyNobody.Of(Asks(), [Trainer("node2", hindrance: new Hindrance.Refused("node2 computes other bits"))]));

    [Fact]
    public void All_drained_is_told_with_the_way_out() => Assert.Equal(
        "every trainer is drained; let one work again with: memcluster drain NODE --undo",
        WhyNobody.Of(Asks(), [Trainer("node2", hindrance: new Hindrance.Drained())]));

    [Fact]
    public void Where_each_has_its_own_reason_each_is_told() => Assert.Equal(
        "node2 and node3 do not offer label gpu; node4 has less than the 8 GiB of memory that a trial asks for; node5 is drained; node6 can't be reached",
        WhyNobody.Of(Asks(8 * GiB, labels: ["gpu"]),
        [
            Trainer("node3"), Trainer("node2"), Trainer("node4", labels: ["gpu"], memory: GiB),
            Trainer("node5", labels: ["gpu"], hindrance: new Hindrance.Drained()), Trainer("node6", labels: ["gpu"], hindrance: new Hindrance.Unreachable()),
        ]));

    [Fact]
    public void A_hundred_trainers_make_no_endless_sentence() => Assert.Equal(
        "no trainer offers label gpu; node100, node101, node102, node103 and 96 more offer: none",
        WhyNobody.Of(Asks(labels: ["gpu"]), [.. Enumerable.Range(100, 100).Select(number => Trainer($"node{number}"))]));

    /// <summary>The sentence is there exactly when no trainer can, so a sweep never waits without one.</summary>
    [Fact]
    public void There_is_a_reason_exactly_when_no_trainer_fits_and_is_free_to_work() => Gen.Select(NeedsDrawn, TrainersDrawn).Sample((needs, trainers) =>
    {
        var somebody = trainers.Any(trainer => Meets(needs, trainer.Card) && trainer.Hindrance is null);
        Assert.Equal(somebody, WhyNobody.Of(needs, trainers).Length == 0);
    });

    private static bool Meets(SweepNeeds needs, TrainerCard card) => Fit.Missing(needs, card).Count == 0 && Fit.HasMemory(needs, card) && Fit.HasArithmetic(needs, card);

    [Theory]
    [InlineData(0, 0, int.MaxValue)]
    [InlineData(3, 0, 5)]
    [InlineData(3, 7, 3)]
    [InlineData(3, 16, 0)]
    [InlineData(17, 0, 0)]
    public void A_trainer_holds_as_many_as_their_memory_fits_into_its_own(long asked, long taken, int room) =>
        Assert.Equal(room, Fit.Room(new(asked * GiB, []), Trainer("node2", memory: 16 * GiB).Card, taken * GiB));

    private static readonly Gen<string[]> LabelsDrawn = Gen.Int[0, 3].Select(which => which switch { 0 => Array.Empty<string>(), 1 => ["a"], 2 => ["b"], _ => ["a", "b"] });

    private static readonly Gen<SweepNeeds> NeedsDrawn =
        Gen.Select(Gen.Long[0, 2], LabelsDrawn, Gen.Int[0, 2], (memory, labels, set) => Asks(memory * GiB, labels, set switch { 0 => "", 1 => "avx2", _ => "native" }));

    private static readonly Gen<TrainerOffer[]> TrainersDrawn =
        Gen.Select(Gen.Long[1, 2], LabelsDrawn, Gen.Bool, Gen.Int[0, 4], (memory, labels, avx2, hindrance) => Trainer(
            "n", memory * GiB, labels, avx2 ? "avx2" : "native",
            hindrance: hindrance switch { 1 => new Hindrance.Drained(), 2 => new Hindrance.Unreachable(), 3 => new Hindrance.Refused("no"), _ => null })).Array[0, 4];

    private static SweepNeeds Asks(long memory = 0, string[]? labels = null, string set = NumericsSettings.Avx2) => new(new(memory, [.. labels ?? []]), set);

    private static TrainerOffer Trainer(
        string name, long memory = 16 * GiB, string[]? labels = null, string set = NumericsSettings.Avx2, string device = "cpu", Hindrance? hindrance = null) =>
        new(name, new("host", 1, 2, 2, memory, device, set, "ab", labels ?? []), hindrance);
}
