using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using MemCluster.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// What this machine's arithmetic is like: two machines with the same fingerprint may share a sweep. A short training run of an MLP and of a
/// convolutional network goes through the matrix products, convolutions, reductions and element-wise kernels that trials use.
/// </summary>
public static class Fingerprint
{
    /// <summary>
    /// 16 hexadecimal digits over the weights after a fixed training run, and over the losses on the way. Loads libtorch: pin the instruction
    /// set before. Takes less than 0.3 s once it is loaded.
    /// </summary>
    public static string Compute()
    {
        // On a thread of its own: the number of tensor threads belongs to the thread, and the caller's stays as it is.
        string digest = "";
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                digest = Train();
            }
            catch (Exception caught)
            {
                failure = ExceptionDispatchInfo.Capture(caught);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return digest;
    }

    private static string Train()
    {
        set_num_threads(1);
        var settings = new TrialSettings
        {
            Data = new() { Name = DataCatalog.Glyphs.Name },
            Network = new() { Depth = 2, Width = 192 },
            Training = new() { Epochs = 2, Batch = 96, Rate = 0.05, Momentum = 0.9 },
            Regularizer = new() { InputNoise = 0.1, Dropout = 0.2, WeightDecay = 1e-4 },
            Seed = 7,
        };
        var examples = Glyphs.Make("train", 160);
        var data = Corruption.Apply(new DataSelection(DataCatalog.Glyphs, examples, examples), Noise.None, settings.Seed);
        var seeds = new Seeds(settings.Seed);
        var story = new StringBuilder();
        using var scope = NewDisposeScope();
        var tensors = TensorData.Train(data, ScalarType.Float32);
        foreach (var network in new INetwork[] { new Mlp(settings.Network, data.Card, seeds, ScalarType.Float32), new SmallCnn(seeds) })
        {
            TrainingLoop.Train(settings, network, Optimizers.Of(settings, network), tensors, Measure, epoch => story.Append(epoch.Weights), CancellationToken.None);

            EpochMeasures Measure(int epoch)
            {
                var scores = Scoring.Of(network, tensors, CancellationToken.None);
                story.AppendJoin(' ', scores.Losses.Select(BitConverter.DoubleToInt64Bits));
                return Measures.After(epoch, data, scores, scores, WeightsDigest.Of(network));
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(story.ToString())).AsSpan(0, 8));
    }

    /// <summary>Convolution, batch normalization over the batch, ReLU, pooling, one dense layer.</summary>
    private sealed class SmallCnn(Seeds seeds) : INetwork
    {
        private const long Filters = 16;

        public IReadOnlyList<Parameter> Parameters { get; } =
        [
            Parameter.Uniform("conv.weight", [Filters, 1, 5, 5], 25, isBias: false, seeds, ScalarType.Float32),
            Parameter.Uniform("output.weight", [Glyphs.Classes, Filters * 9 * 9], Filters * 9 * 9, isBias: false, seeds, ScalarType.Float32),
        ];

        public Tensor Forward(Tensor images, ForwardPass pass)
        {
            var maps = Convolution.Of(pass.Input(images), Parameters[0].Value, null, padding: 2);
            var mean = maps.mean([0, 2, 3], keepdim: true);
            var centred = maps - mean;
            using Scalar little = 1e-5;
            using Scalar one = 1;
            var normal = centred * centred.Squared().mean([0, 2, 3], keepdim: true).add(little, one).rsqrt();
            var pooled = nn.functional.max_pool2d(pass.Hidden(normal.relu(), 0), [3L, 3L]);
            return nn.functional.linear(pooled.flatten(1), Parameters[1].Value);
        }
    }
}
