using NetArchTest.Rules;

namespace MemCluster.Learning.Tests;

public sealed class HouseTests
{
    /// <summary>A command checks its data, and a trainer runs sleep trials, without loading half a gigabyte of libtorch.</summary>
    [Fact]
    public void Data_noise_draws_and_sleep_touch_no_torch_type()
    {
        Type[] types =
        [
            typeof(DataSource), typeof(DataFolder), typeof(DataFiles), typeof(DataFormats), typeof(DataSelection), typeof(DataPart), typeof(DataDownload),
            typeof(Glyphs), typeof(GlyphCanvas), typeof(GlyphShapes), typeof(Corruption), typeof(NoiseMakers), typeof(NoiseJob), typeof(ChannelMoments),
            typeof(Philox), typeof(PortableMath), typeof(Seeds), typeof(Measures), typeof(SleepWorkload), typeof(NumericsPin),
        ];
        var result = Types.InAssembly(typeof(DataSource).Assembly).That().MeetCustomRule(new IsOne(types)).ShouldNot().HaveDependencyOn("TorchSharp").GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    private sealed class IsOne(Type[] types) : ICustomRule
    {
        public bool MeetsRule(Mono.Cecil.TypeDefinition type) => types.Any(one => one.FullName == type.FullName || type.FullName.StartsWith(one.FullName + "/", StringComparison.Ordinal));
    }
}
