using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// What the k nearest neighbours of a point say: the label that most of them have, of equal ones the smallest, as scikit-learn has it. Distances are Euclidean, computed in double,
/// in blocks; of equally far neighbours the one that comes first in the file is the nearer.
/// </summary>
internal static class NeighbourVotes
{
    private const int Points = 250;
    private const int Neighbours = 1_000;

    /// <summary>A vote for each point; -1 where nobody may vote.</summary>
    /// <param name="points">Points × width.</param>
    /// <param name="neighbours">Those that may vote, as wide.</param>
    /// <param name="labels">Of the neighbours, from 0.</param>
    /// <param name="k">How many vote; all of them, if there are fewer.</param>
    /// <param name="areSame">The points are the neighbours themselves: none has a vote on itself.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static int[] Of(Tensor points, Tensor neighbours, IReadOnlyList<int> labels, int k, bool areSame, CancellationToken stop)
    {
        using var off = no_grad();
        var (count, all) = ((int)points.shape[0], labels.Count);
        var votes = new int[count];
        var distances = new double[Points * Neighbours];
        for (var from = 0; from < count; from += Points)
        {
            var here = Math.Min(Points, count - from);
            var nearest = Enumerable.Range(0, here).Select(_ => new Nearest(k)).ToArray();
            for (var other = 0; other < all; other += Neighbours)
            {
                stop.ThrowIfCancellationRequested();
                var there = Math.Min(Neighbours, all - other);
                Squares(points.narrow(0, from, here), neighbours.narrow(0, other, there), distances);
                for (var i = 0; i < here; i++)
                {
                    for (var j = 0; j < there; j++)
                    {
                        if (!areSame || from + i != other + j)
                        {
                            nearest[i].Offer(distances[i * there + j], labels[other + j]);
                        }
                    }
                }
            }

            for (var i = 0; i < here; i++)
            {
                votes[from + i] = nearest[i].Vote();
            }
        }

        return votes;
    }

    /// <summary>‖a‖² + ‖b‖² − 2ab, row by row.</summary>
    private static void Squares(Tensor points, Tensor neighbours, double[] to)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (points.to(ScalarType.Float64), neighbours.to(ScalarType.Float64));
        var squares = a.Squared().sum(1, keepdim: true).Plus(b.Squared().sum(1).unsqueeze(0)).Plus(a.matmul(b.t()), -2);
        squares.cpu().contiguous().data<double>().CopyTo(to, 0);
    }

    /// <summary>The k nearest so far, the nearest first.</summary>
    private sealed class Nearest(int k)
    {
        private readonly double[] _distances = new double[k];
        private readonly int[] _labels = new int[k];
        private int _count;

        /// <summary>Those offered earlier are nearer than others as far.</summary>
        public void Offer(double distance, int label)
        {
            if (_count == k && !(distance < _distances[k - 1]))
            {
                return;
            }

            var place = _count < k ? _count++ : k - 1;
            for (; place > 0 && distance < _distances[place - 1]; place--)
            {
                (_distances[place], _labels[place]) = (_distances[place - 1], _labels[place - 1]);
            }

            (_distances[place], _labels[place]) = (distance, label);
        }

        /// <summary>-1, which is no label, where nobody may vote: a single training example has no other.</summary>
        public int Vote() => _count == 0 ? -1 : _labels.Take(_count).CountBy(label => label).OrderByDescending(votes => votes.Value).ThenBy(votes => votes.Key).First().Key;
    }
}
