using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>The bytes between a trainer and its workers.</summary>
public sealed class FramesTests
{
    [Fact]
    public void What_is_sent_is_received_in_order_and_then_the_end()
    {
        var bytes = Sent(frames =>
        {
            frames.Send(WorkerWord.Epoch, [1, 2, 3]);
            frames.Send(WorkerWord.Between);
        });
        using var heard = new Frames(new MemoryStream(bytes), Stream.Null);

        var epoch = heard.Receive()!;
        Assert.Equal((WorkerWord.Epoch, "1,2,3"), (epoch.Word, string.Join(',', epoch.Content)));
        Assert.Equal(WorkerWord.Between, heard.Receive()!.Word);
        Assert.Null(heard.Receive());
    }

    [Fact]
    public void A_torn_frame_is_an_end()
    {
        var bytes = Sent(frames => frames.Send(WorkerWord.Epoch, [1, 2, 3]));
        for (var length = 0; length < bytes.Length; length++)
        {
            using var heard = new Frames(new MemoryStream(bytes[..length]), Stream.Null);
            Assert.Null(heard.Receive());
        }
    }

    [Fact]
    public void Nonsense_and_what_is_too_long_are_told_from_frames()
    {
        using var text = new Frames(new MemoryStream("Fatal error: something\n"u8.ToArray()), Stream.Null);
        Assert.Throws<FormatException>(() => text.Receive());

        using var large = new Frames(new MemoryStream(Sent(frames => frames.Send(WorkerWord.Epoch, new byte[100]))), Stream.Null);
        Assert.Throws<FormatException>(() => large.Receive(mostBytes: 99));
    }

    [Fact]
    public void A_task_comes_over_as_it_was()
    {
        var settings = WorkerTrials.Glyphs(epochs: 3) with { Noise = new(Noise.Label, 0.3), Measures = new() { El2n = new("at 0,1") } };
        var memory = new TrialMemory([Trials.Epoch(1) with { Findings = [Finding.OfNumber(1, "x", double.NaN)] }], [[1, 2], []], new Dictionary<string, double[]> { ["t"] = [0.1] }, TimeSpan.FromSeconds(3)) { Best = new(1, "weights", FindingForms.Weights, [1, 2]) };

        var whole = WorkerTask.Read(new WorkerTask(7, settings, [5], true, new("weights best"), memory).ToBytes());
        var bare = WorkerTask.Read(new WorkerTask(8, settings, null, false, WeightsPlan.None, null).ToBytes());

        Assert.Equal((7, true, "5"), (whole.Number, whole.Keeps, string.Join(',', whole.Kept!)));
        Assert.Equal(settings, whole.Settings);
        Assert.Equal((new("weights best"), WeightsPlan.None), (whole.Keep, bare.Keep));
        Assert.Equal(WorkerBytes.Of(writer => MemoryBytes.Write(writer, memory)), WorkerBytes.Of(writer => MemoryBytes.Write(writer, whole.From!)));
        Assert.Equal((8, false), (bare.Number, bare.Keeps));
        Assert.Null(bare.Kept);
        Assert.Null(bare.From);
    }

    private static byte[] Sent(Action<Frames> send)
    {
        using var bytes = new MemoryStream();
        using var frames = new Frames(Stream.Null, bytes);
        send(frames);
        return bytes.ToArray();
    }
}
