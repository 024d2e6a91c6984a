using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>One way of working against memorization. It may act on the input, after every hidden ReLU, on the loss, or on the gradient; training only.</summary>
internal interface IRegularizer
{
    Tensor Input(Tensor images, BatchDraws draws) => images;

    Tensor Hidden(Tensor activations, int layer, BatchDraws draws) => activations;

    /// <param name="loss">Of the minibatch so far.</param>
    /// <param name="of">What it is the loss of.</param>
    Tensor Loss(Tensor loss, BatchLoss of, BatchDraws draws) => loss;

    /// <summary>Adds to a parameter's gradient, in place.</summary>
    void Gradient(Parameter parameter, Tensor gradient)
    {
    }
}
