using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// The small AlexNet of Arpit et al. 2017 (footnote 2): crop to 28 × 28, twice [convolution 5 × 5, batch normalization, ReLU, max pooling 3 × 3], dense
/// 384 and 192 with batch normalization and ReLU, output. Same padding, 64 filters and no batch normalization make it that of Zhang et al. 2017.
/// </summary>
internal sealed class Cnn : INetwork
{
    private const int Convolutions = 2;
    private const long Kernel = 5;
    private const long Window = 3;
    private const long Side = 28;

    private static readonly int[] Units = [384, 192];

    private readonly NetworkSettings _settings;
    private readonly List<Parameter> _parameters = [];
    private readonly List<Tensor> _statistics = [];
    private readonly List<string> _names = [];
    private readonly List<string> _statisticsNames = [];

    public Cnn(NetworkSettings settings, DataSetCard card, Seeds seeds, ScalarType type)
    {
        _settings = settings;
        long inputs = card.Channels;
        var place = 0;
        for (var layer = 0; layer < Convolutions; layer++)
        {
            var filters = Scaled(settings.Filters);
            Add($"conv.{layer}", [filters, inputs, Kernel, Kernel], inputs * Kernel * Kernel, isHidden: true);
            inputs = filters;
            place += 2; // ReLU and pooling.
        }

        place++; // Flattening.
        using (NewDisposeScope())
        {
            // Padding and pooling say how many numbers are left of an image: rather asked than worked out a second time.
            inputs = Maps(new(_parameters.Select(parameter => parameter.Value)), new(_statistics), zeros([1, card.Channels, card.Height, card.Width], type, ComputeDevice.Torch), ForwardPass.Scoring).shape[1];
        }

        foreach (var (layer, units) in Units.Index())
        {
            Add($"dense.{layer}", [Scaled(units), inputs], inputs, isHidden: true);
            inputs = Scaled(units);
            place++; // ReLU.
        }

        Add("output", [card.Classes, inputs], inputs, isHidden: false);

        void Add(string name, long[] shape, long fanIn, bool isHidden)
        {
            _parameters.Add(Parameter.Uniform(name + ".weight", shape, fanIn, isBias: false, seeds, type));
            _parameters.Add(Parameter.Uniform(name + ".bias", [shape[0]], fanIn, isBias: true, seeds, type));
            _names.AddRange([$"{place}.weight", $"{place}.bias"]);
            place++;
            if (isHidden && settings.BatchNorm)
            {
                _parameters.Add(Parameter.Constant(name + ".norm.weight", ones(shape[0], type, ComputeDevice.Torch)));
                _parameters.Add(Parameter.Constant(name + ".norm.bias", zeros(shape[0], type, ComputeDevice.Torch)));
                _statistics.Add(zeros(shape[0], type, ComputeDevice.Torch));
                _statistics.Add(ones(shape[0], type, ComputeDevice.Torch));
                _names.AddRange([$"{place}.weight", $"{place}.bias"]);
                _statisticsNames.AddRange([$"{place}.running_mean", $"{place}.running_var"]);
                place++;
            }
        }

        long Scaled(int number) => Math.Max(1, (long)Math.Round(number * settings.Multiplier, MidpointRounding.AwayFromZero));
    }

    public IReadOnlyList<Parameter> Parameters => _parameters;

    public IReadOnlyList<Tensor> Buffers => _statistics;

    /// <summary>Of twice [Conv2d, BatchNorm2d, ReLU, MaxPool2d], Flatten, twice [Linear, BatchNorm1d, ReLU], Linear; without the normalizations where there are none.</summary>
    public IReadOnlyList<string> TensorNames => [.. _names, .. _statisticsNames];

    public Tensor Forward(IReadOnlyList<Tensor> parameters, Tensor images, ForwardPass pass)
    {
        var (own, statistics) = (new Queue<Tensor>(parameters), new Queue<Tensor>(_statistics));
        var x = Maps(own, statistics, images, pass);
        for (var layer = 0; layer < Units.Length; layer++)
        {
            x = pass.Seen(pass.Hidden(Normalized(nn.functional.linear(x, own.Dequeue(), own.Dequeue()), own, statistics, pass).relu(), layer));
        }

        return nn.functional.linear(x, own.Dequeue(), own.Dequeue());
    }

    private Tensor Maps(Queue<Tensor> own, Queue<Tensor> statistics, Tensor images, ForwardPass pass)
    {
        var padding = _settings.Padding == "same" ? Kernel / 2 : 0;
        var x = pass.Input(Centre(Centre(images, 2), 3));
        for (var layer = 0; layer < Convolutions; layer++)
        {
            x = Normalized(Convolution.Of(x, own.Dequeue(), own.Dequeue(), padding), own, statistics, pass).relu();

            // The dense layers come first in the count of hidden layers: they are regularized in any case.
            x = pass.Seen(Pooled(_settings.Regularized == "all" ? pass.Hidden(x, Units.Length + layer) : x));
        }

        return x.flatten(1);
    }

    private Tensor Normalized(Tensor sums, Queue<Tensor> own, Queue<Tensor> statistics, ForwardPass pass) => _settings.BatchNorm
        ? BatchNorm.Normalize(sums, own.Dequeue(), own.Dequeue(), statistics.Dequeue(), statistics.Dequeue(), pass.Statistics)
        : sums;

    private static Tensor Centre(Tensor images, long dimension)
    {
        var size = images.shape[dimension];
        return size <= Side ? images : images.narrow(dimension, (size - Side) / 2, Side);
    }

    /// <summary>Same: ⌈size/stride⌉ windows, what sticks out shared between both sides and the odd pixel at the end, as TensorFlow has it.</summary>
    private Tensor Pooled(Tensor maps)
    {
        var (stride, size) = ((long)_settings.PoolStride, maps.shape[2]);
        var outside = _settings.Padding == "same" ? Math.Max(0, (size + stride - 1) / stride * stride - stride + Window - size) : 0;
        return nn.functional.max_pool2d(maps, [Window, Window], [stride, stride], [outside / 2, outside / 2], ceil_mode: outside % 2 == 1);
    }
}
