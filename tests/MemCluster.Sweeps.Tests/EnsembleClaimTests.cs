using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Tests;

/// <summary>Claims over networks that were trained on random parts of the examples.</summary>
public sealed class EnsembleClaimTests
{
    private const string File = """
        sweep: s
        data: { name: glyphs, train: 100 }
        measures: { held-out: last }
        noise-seed: 0
        axes:
          noise: [none, label 0.1]
          prune: [none, random 0.3, random 0.5]
        seeds: 3
        claims:
          c:

        """;

    [Fact]
    public void A_c_score_is_asked_of_all_trials_that_leave_examples_out_together()
    {
        var spec = Parse("group: c_score_mean, through: { axis: prune, among: [random] }, each: noise, holds: \">= 0.5\"").Spec!;
        var asked = new List<(string, string)>();
        var observed = new Observations.Builder(new Grid(spec).Count, []).Build();
        var values = new TermValues(spec, observed, (name, places) =>
        {
            asked.Add((name, string.Join(' ', places)));
            return new(0.9, 0.7, 1);
        });

        var result = ClaimVerdicts.Of(SweepClaims.Of(spec).Claims.Single(), spec, values);

        Assert.Equal([("c_score_mean", "3 4 5 6 7 8"), ("c_score_mean", "12 13 14 15 16 17")], asked);
        Assert.Equal((Verdict.Holds, 0.9), (result.Verdict, result.Parts[0].Estimate.Value));
    }

    [Theory]
    [InlineData("group: memorization_mean, through: prune, where: { noise: none }, holds: \"> 0\"", "10:43  memorization_mean is of parts of one size; take 'through' out, and say with 'where: { prune: … }' of which")]
    [InlineData("group: c_score_mean, through: noise, where: { prune: last }, holds: \"> 0\"", "10:38  c_score_mean takes trials together that leave out several shares of the examples; write 'through: prune'")]
    [InlineData("group: c_score_mean, through: prune, holds: \"> 0\"", "10:6  claim 'c' does not say at which noise; add 'where: { noise: none }' (also first, last), or let the axis run")]
    [InlineData("group: memorisation_mean, where: { noise: none, prune: last }, holds: \"> 0\"", "10:15  unknown group measure 'memorisation_mean'; did you mean 'memorization_mean'?")]
    public void A_mistake_is_told_with_its_place(string claim, string problem) =>
        Assert.Contains("s.yaml:" + problem, Parse(claim).Problems.Select(said => said.ToString()));

    [Fact]
    public void Whoever_asks_for_memorization_is_told_to_measure_it()
    {
        var problems = Parse("group: memorization_mean, where: { noise: none, prune: last }, holds: \"> 0\"", File.Replace("held-out: last", "loss: last", StringComparison.Ordinal)).Problems;

        Assert.Equal(
            "s.yaml:10:15  memorization_mean is made of what networks say of examples that they were not trained on; add 'measures: { held-out: last }' and, for example, 'prune: random 0.3'",
            Assert.Single(problems).ToString());
    }

    private static SpecReading Parse(string claim, string file = File) =>
        SpecFile.ParseFile(file.Replace("  c:", $"  c: {{ {claim} }}", StringComparison.Ordinal), "s.yaml", [], null);
}
