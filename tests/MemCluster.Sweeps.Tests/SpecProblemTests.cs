using CsCheck;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class SpecProblemTests
{
    [Theory]
    [InlineData("noise: label 1.5", "s.yaml:3:14  noise level 1.5 is not a share from 0 to 1")]
    [InlineData("noise: label -0.1", "s.yaml:3:14  noise level -0.1 is not a share from 0 to 1")]
    [InlineData("noise: label lots", "s.yaml:3:14  noise level 'lots' is not a share from 0 to 1")]
    [InlineData("noise: label .nan", "s.yaml:3:14  noise level '.nan' is not a share from 0 to 1")]
    [InlineData("noise: label", "s.yaml:3:8  noise 'label' needs a level, a share from 0 to 1: write 'label 0.5'")]
    [InlineData("noise: lable 0.2", "s.yaml:3:8  unknown noise 'lable'; did you mean 'label'?")]
    [InlineData("noise: label 0.2 0.3", "s.yaml:3:18  noise 'label' takes only its level; take 0.3 out")]
    [InlineData("noise: none 0.3", "s.yaml:3:13  noise 'none' takes no number, 0.3 stands here; take it out")]
    [InlineData("noise: input 0.2 keep-true-class=true", "s.yaml:3:18  unknown key 'keep-true-class' of noise 'input'; expected one of level")]
    [InlineData("noise: label 0.2 keep-true-clas=true", "s.yaml:3:18  unknown key 'keep-true-clas' of noise 'label'; did you mean 'keep-true-class'?")]
    [InlineData("noise: label 0.2 keep-true-class=maybe", "s.yaml:3:34  keep-true-class 'maybe' is not true or false")]
    [InlineData("noise: label 0.2 level=0.3", "s.yaml:3:18  noise 'label' gives its level twice; keep one of them")]
    [InlineData("noise: shuffled-pixels 0.5", "s.yaml:3:24  noise 'shuffled-pixels' takes no level, it corrupts every image alike: write 'shuffled-pixels'")]
    [InlineData("noise: {level: 0.5}", "s.yaml:3:8  this noise does not say its kind; begin it with 'kind:', a noise such as 'none' or 'label 0.2' (none, label, input, uniform-input, shuffled-pixels, random-pixels)")]
    [InlineData("noise: [none]", "s.yaml:3:8  noise takes one value here, a noise such as 'none' or 'label 0.2' (none, label, input, uniform-input, shuffled-pixels, random-pixels); to sweep over several, list them under axes")]
    [InlineData("regularizer: dropout 1", "s.yaml:3:22  dropout rate 1 is not a rate from 0 to below 1")]
    [InlineData("regularizer: droput 0.5", "s.yaml:3:14  unknown regularizer 'droput'; did you mean 'dropout'?")]
    [InlineData("regularizer: dropout", "s.yaml:3:14  regularizer 'dropout' needs a rate from 0 to below 1: write 'dropout 0.1'")]
    [InlineData("regularizer: dropout 0.1 + dropout 0.2", "s.yaml:3:28  'dropout' stands twice in one combination; keep one of them")]
    [InlineData("regularizer: none + dropout 0.2", "s.yaml:3:14  'none' stands in a combination of regularizers; take it out, or write it alone")]
    [InlineData("regularizer: weight-decay 0.1 decay-on=biases", "s.yaml:3:40  decay-on 'biases' is not one of weights, all")]
    [InlineData("training: {epochs: five}", "s.yaml:3:20  training.epochs 'five' is not a whole number from 1 to 1,000,000")]
    [InlineData("training: {epochs: 2.5}", "s.yaml:3:20  training.epochs 2.5 is not a whole number from 1 to 1,000,000")]
    [InlineData("training: {epochs: 0}", "s.yaml:3:20  training.epochs 0 is not a whole number from 1 to 1,000,000")]
    [InlineData("training: {epochs: [5, 6]}", "s.yaml:3:20  training.epochs takes one value here, a whole number from 1 to 1,000,000; to sweep over several, list them under axes")]
    [InlineData("training: {epochs: {a: 5}}", "s.yaml:3:20  training.epochs takes a single value, a whole number from 1 to 1,000,000, not a mapping")]
    [InlineData("training: {epochs: }", "s.yaml:3:20  training.epochs has no value; give it a whole number from 1 to 1,000,000, or leave the key out")]
    [InlineData("training: {momentum: 1}", "s.yaml:3:22  training.momentum 1 is not a momentum from 0 to below 1")]
    [InlineData("training: {rate: .inf}", "s.yaml:3:18  training.rate '.inf' is not a learning rate above 0, up to 1,000")]
    [InlineData("training: {schedule: step 20}", "s.yaml:3:22  schedule 'step' needs both its every (epochs) and its factor: write 'step 20 0.5'")]
    [InlineData("training: {schedule: {every: 0, factor: 0}}", "s.yaml:3:30  training.schedule every 0 is not a whole number from 1 to 1,000,000|s.yaml:3:41  training.schedule factor 0 is not a factor above 0, up to 100")]
    [InlineData("training: {schedule: at 60}", "s.yaml:3:22  schedule 'at' needs both its epochs and its factor: write 'at 60,120 0.2'")]
    [InlineData("training: {schedule: {kind: at, epochs: [60, 0], factor: 0.2}}", "s.yaml:3:46  training.schedule epoch 0 is not a whole number from 1 to 1,000,000")]
    [InlineData("training: {schedule: {kind: cosine}}", "s.yaml:3:29  unknown training.schedule 'cosine'; expected one of constant, step, at, inverse-sqrt")]
    [InlineData("training: {loss: squarred}", "s.yaml:3:18  unknown loss 'squarred'; did you mean 'squared'?")]
    [InlineData("training: {loss: smoothed-log 0}", "s.yaml:3:31  training.loss offset 0 is not an offset above 0, up to 1")]
    [InlineData("training: {loss: squared 0.1}", "s.yaml:3:26  loss 'squared' takes no number, 0.1 stands here; take it out")]
    [InlineData("training: {sampling: bootstrap}", "s.yaml:3:22  training.sampling 'bootstrap' is not one of epoch, with-replacement")]
    [InlineData("training: {epoch-steps: 5}", "s.yaml:3:25  training.epoch-steps counts minibatches that are drawn with replacement; write 'sampling: with-replacement' too, or leave it out")]
    [InlineData("training: {optimizer: adm}", "s.yaml:3:23  unknown optimizer 'adm'; did you mean 'adam'?")]
    [InlineData("training: {optimizer: adam 0.9}", "s.yaml:3:28  optimizer 'adam' takes no number, 0.9 stands here; take it out")]
    [InlineData("training: {optimizer: adam beta1=1}", "s.yaml:3:34  training.optimizer beta1 1 is not a share from 0 to below 1")]
    [InlineData("training: {optimizer: {kind: sgd, beta1: 0.5}}", "s.yaml:3:35  optimizer 'sgd' has no options; take 'beta1' out")]
    [InlineData("training: {optimizer: adamw}", "s.yaml:3:23  adamw is adam with weight decay of its own kind, and there is none; write 'regularizer: weight-decay 0.01' too, or 'adam'")]
    [InlineData("training: {momentum: 0.9, optimizer: adamw}\nregularizer: weight-decay 1", "s.yaml:3:22  training.momentum is that of sgd, and adamw has its own, beta1; leave it out, or sweep the optimizers apart")]
    [InlineData("training: {momentum: 0.9}\naxes: {optimizer: [sgd, adam]}", "s.yaml:3:22  training.momentum is that of sgd, and adam has its own, beta1; leave it out, or sweep the optimizers apart")]
    [InlineData("training: {nesterov: true}", "s.yaml:3:22  training.nesterov is a form of momentum, and there is none; write 'momentum: 0.9' too, or leave it out")]
    [InlineData("regularizer: adversarial 1.5", "s.yaml:3:26  adversarial weight 1.5 is not a weight from 0 to 1")]
    [InlineData("regularizer: adversarial 0.5 iterations=0", "s.yaml:3:41  adversarial iterations 0 is not a whole number from 1 to 1,000")]
    [InlineData("regularizer: adversarial 0.5 step=1", "s.yaml:3:30  unknown key 'step' of regularizer 'adversarial'; expected one of weight, radius, alpha, beta, iterations")]
    [InlineData("training: 5", "s.yaml:3:11  training is a mapping such as 'training: { epochs: 100, rate: 0.01 }'")]
    [InlineData("training: {epoch: 5}", "s.yaml:3:12  unknown key 'epoch' in training; did you mean 'epochs'?")]
    [InlineData("training: {capacity: 5}", "s.yaml:3:12  unknown key 'capacity' in training; it stands in network: 'network: { width: … }', or under axes to sweep over it")]
    [InlineData("regularisers: none", "s.yaml:3:1  unknown key 'regularisers'; did you mean 'regularizer'?")]
    [InlineData("capacity: 128", "s.yaml:3:1  unknown key 'capacity'; it stands in network: 'network: { width: … }', or under axes to sweep over it")]
    [InlineData("numerics: sse", "s.yaml:3:11  numerics 'sse' is not one of avx2, avx512, native, cuda")]
    [InlineData("precision: float23", "s.yaml:3:12  precision 'float23' is not one of float32, float64; did you mean 'float32'?")]
    [InlineData("network: mpl", "s.yaml:3:10  network.kind 'mpl' is not one of mlp, cnn, sleep; did you mean 'mlp'?")]
    [InlineData("network: mlp 512", "s.yaml:3:14  network 'mlp' takes no such value, 512; write 'network: { kind: mlp, depth: 2 }'")]
    [InlineData("network: {depth: 65}", "s.yaml:3:18  network.depth 65 is not a whole number from 0 to 64")]
    [InlineData("network: {seconds: 1}", "s.yaml:3:11  network.seconds does not belong to network 'mlp', which has depth, width, widths, init; leave it out, or sweep the kinds of network apart")]
    [InlineData("network: {kind: sleep, depth: 2}", "s.yaml:3:24  network.depth does not belong to network 'sleep', which has seconds; leave it out, or sweep the kinds of network apart")]
    [InlineData("network: {kind: cnn, width: 20}", "s.yaml:3:22  network.width does not belong to network 'cnn', which has filters, multiplier, padding, pool-stride, batch-norm, regularized; leave it out, or sweep the kinds of network apart")]
    [InlineData("network: {kind: cnn, pool-stride: 4}", "s.yaml:3:35  network.pool-stride 4 is not a whole number from 1 to 3")]
    [InlineData("network: cnn multiplier=0", "s.yaml:3:25  network.multiplier 0 is not a factor above 0, up to 100")]
    [InlineData("network: cnn\naxes: {data.train: [64, 99], batch: [32, 49]}", "s.yaml:4:42  with batches of 49 the last batch of an epoch has a single example, which batch normalization can't be trained on; take another batch or another number of training examples, or write 'network: { kind: cnn, batch-norm: false }'")]
    [InlineData("network: cnn\nmeasures: {class-sensitivity: last}", "s.yaml:4:31  measures.class-sensitivity asks for losses of single examples, which batch normalization ties to those of their minibatch; write 'network: { kind: cnn, batch-norm: false }', or leave it out")]
    [InlineData("seeds: 0", "s.yaml:3:8  seeds 0 is neither a count from 1 (seeds 0, 1, 2 …) nor a list such as [0, 7]; write 'seeds: 3'")]
    [InlineData("seeds: []", "s.yaml:3:8  seeds is empty; give it a count from 1 (seeds 0, 1, 2 …) or a list such as [0, 7]")]
    [InlineData("seeds: [1, -1, x, 1, 9223372036854775808]", "s.yaml:3:12  seed -1 is not a whole number from 0 to 2^63 - 1|s.yaml:3:16  seed 'x' is not a whole number from 0 to 2^63 - 1|s.yaml:3:19  seed 1 stands twice; keep one of them|s.yaml:3:22  seed 9223372036854775808 is not a whole number from 0 to 2^63 - 1")]
    [InlineData("axes: {}\nsweep: t", "s.yaml:4:1  'sweep' stands twice in this mapping (first in line 1); keep one of them")]
    [InlineData("axes:", "s.yaml:3:6  axes is empty; list at least one, such as 'noise: [none, label 0.2]', or leave it out")]
    [InlineData("axes: [noise]", "s.yaml:3:7  axes is a mapping from settings to their values, such as 'noise: [none, label 0.2]'")]
    [InlineData("axes: {numerics: [avx2, native]}", "s.yaml:3:8  a sweep computes with one instruction set; write 'numerics' outside of the axes, and the other one in a sweep of its own")]
    [InlineData("axes: {noise: []}", "s.yaml:3:15  axis 'noise' is empty; give it at least one value, a noise such as 'none' or 'label 0.2' (none, label, input, uniform-input, shuffled-pixels, random-pixels), or take it out")]
    [InlineData("axes: {rate: }", "s.yaml:3:14  axis 'rate' is empty; give it at least one value, a learning rate above 0, up to 1,000, or take it out")]
    [InlineData("axes: {rate: [0.1, ~]}", "s.yaml:3:20  rate has no value; give it a learning rate above 0, up to 1,000, or leave the key out")]
    [InlineData("axes: {noize: [none]}", "s.yaml:3:8  unknown axis 'noize'; did you mean 'noise'?")]
    [InlineData("axes: {seeds: [1, 2]}", "s.yaml:3:8  seeds are no axis of their own; write 'seeds:' at the top of the file")]
    [InlineData("axes: {capacity: [1], network.width: [2]}", "s.yaml:3:23  'network.width' is the same axis as the one in line 3; keep one of them")]
    [InlineData("axes: {rate: [0.1, 1e-1]}", "s.yaml:3:20  '0.1' stands twice in axis 'rate' (first at 3:15); keep one of them")]
    [InlineData("axes: {noise: [none, label 0]}", "s.yaml:3:22  'none' stands twice in axis 'noise' (first at 3:16); keep one of them")]
    [InlineData("axes: {regularizer: [dropout 0.1 + weight-decay 1, weight-decay 1 + dropout 0.1]}", "s.yaml:3:52  'dropout 0.1 + weight-decay 1' stands twice in axis 'regularizer' (first at 3:22); keep one of them")]
    [InlineData("noise: none\naxes: {noise: [none]}", "s.yaml:3:1  noise is fixed here and is also the axis 'noise' in line 4; keep one of them")]
    [InlineData("network: {width: 3}\naxes: {capacity: 5}", "s.yaml:3:11  network.width is fixed here and is also the axis 'capacity' in line 4; keep one of them")]
    [InlineData("axes: {network: [mlp, sleep], depth: [1, 2]}", "s.yaml:3:31  network.depth does not belong to network 'sleep', which has seconds; leave it out, or sweep the kinds of network apart")]
    [InlineData("question: [a]", "s.yaml:3:11  the question is a line of text; put it into quotes")]
    [InlineData("data.train: 5", "s.yaml:3:1  unknown key 'data.train'; it stands in data: 'data: { train: … }', or under axes to sweep over it")]
    public void A_problem_has_its_place_and_says_what_was_expected(string lines, string expected) =>
        Assert.Equal(expected.Split('|'), Problems(Glyphs(lines)));

    [Theory]
    [InlineData("data: { name: mnist, train: 70000 }", "s.yaml:2:29  mnist has 50,000 training examples, 70,000 asked for; ask for at most 50,000")]
    [InlineData("data: { name: mnist, validation: 10001 }", "s.yaml:2:34  mnist has 10,000 validation examples, 10,001 asked for; ask for at most 10,000")]
    [InlineData("data: { name: mnits }", "s.yaml:2:15  unknown data set 'mnits'; did you mean 'mnist'?")]
    [InlineData("data: imagenet", "s.yaml:2:7  unknown data set 'imagenet'; expected one of glyphs, mnist, fashion-mnist, cifar10, modular-addition, modular-addition-59")]
    [InlineData("data: modular-addition\nnetwork: cnn", "s.yaml:3:10  modular-addition has no pictures for convolutions to look at; write 'network: { kind: mlp }'")]
    [InlineData("data: { train: 5 }", "s.yaml:2:1  no data set is named; write 'data: { name: glyphs }' (glyphs, mnist, fashion-mnist, cifar10, modular-addition, modular-addition-59)")]
    [InlineData("seeds: 3", "s.yaml:1:1  no data set is named; write 'data: { name: glyphs }' (glyphs, mnist, fashion-mnist, cifar10, modular-addition, modular-addition-59)")]
    [InlineData("data: { name: mnist, train: 5003, balanced: true }", "s.yaml:2:29  balanced needs equally many examples of each of the 10 classes of mnist, and 5,003 is no multiple of 10; ask for 5,000")]
    [InlineData("data: { name: mnist, labels: unique }\nmeasures: { csr: last }", "s.yaml:3:18  measures.csr needs validation examples, and data.labels is unique: every training example is a class of its own; write 'on: train', or leave it out")]
    [InlineData("data: { name: mnist, labels: unique }\nmeasures: { class-sensitivity: last }", "s.yaml:3:32  measures.class-sensitivity needs classes of several examples, and data.labels is unique: every training example is a class of its own; leave it out")]
    [InlineData("data: { name: mnist, pool: 2 }\nnetwork: cnn padding=valid", "s.yaml:3:22  images made smaller by data.pool are too small for convolutions without padding; write 'padding: same'")]
    [InlineData("data: mnist 5000", "s.yaml:2:13  data 'mnist' takes no such value, 5000; write 'data: { name: mnist, train: 5000 }'")]
    [InlineData("data: { name: mnist }\naxes: { data.train: [10, 60000, 70000] }", "s.yaml:3:26  mnist has 50,000 training examples, 60,000 asked for; ask for at most 50,000|s.yaml:3:33  mnist has 50,000 training examples, 70,000 asked for; ask for at most 50,000")]
    [InlineData("data: { train: 60000 }\naxes: { data.name: [cifar10] }", "s.yaml:2:16  cifar10 has 50,000 training examples, 60,000 asked for; ask for at most 50,000")]
    [InlineData("data: { name: mnist, pool: 3 }\naxes: { noise: none }", "s.yaml:2:28  images of mnist have 28 x 28 pixels, which squares of 3 x 3 don't fill; take a pool that divides both")]
    [InlineData("data: mnist\naxes: { data.balanced: [true, false], data.train: [10, 15] }", "s.yaml:3:56  balanced needs equally many examples of each of the 10 classes of mnist, and 15 is no multiple of 10; ask for 10")]
    public void A_data_set_must_exist_and_hold_what_is_asked_of_it(string lines, string expected) =>
        Assert.Equal(expected.Split('|'), Problems("sweep: s\n" + lines + "\n"));

    [Theory]
    [InlineData("data: glyphs", "s.yaml:1:1  the sweep has no name; write 'sweep: NAME' with 1 to 64 lower-case letters, digits and hyphens, such as 'noise-by-capacity'")]
    [InlineData("sweep: My Sweep\ndata: glyphs", "s.yaml:1:8  'My Sweep' is no name for a sweep; use 1 to 64 lower-case letters, digits and hyphens, such as 'noise-by-capacity'")]
    [InlineData("", "s.yaml:1:1  there is nothing in it; a sweep file begins with a line such as 'sweep: noise-by-capacity'")]
    [InlineData("# later", "s.yaml:1:1  there is nothing in it; a sweep file begins with a line such as 'sweep: noise-by-capacity'")]
    [InlineData("noise", "s.yaml:1:1  a sweep file is a mapping; begin it with a line such as 'sweep: noise-by-capacity'")]
    [InlineData("- a\n- b", "s.yaml:1:1  a sweep file is a mapping; begin it with a line such as 'sweep: noise-by-capacity'")]
    [InlineData("sweep: s\ndata:\n\tname: mnist", "s.yaml:3:1  a tab stands in the indentation, which YAML does not allow; indent with spaces")]
    [InlineData("sweep: s\ndata:\n  name: mnist\n\ttrain: 5", "s.yaml:4:1  a tab stands in the indentation, which YAML does not allow; indent with spaces")]
    [InlineData("sweep: s\nquestion: does it: work\ndata: glyphs", "s.yaml:2:18  a ':' too many, or a line indented deeper than it should be; put text that contains ': ' into quotes, and line up keys of one mapping")]
    [InlineData("sweep: s\ndata: {name: glyphs", "s.yaml:3:1  a bracket is not closed, or a comma is missing between two values; add it")]
    [InlineData("sweep: s\nseeds: [1, 2\ndata: glyphs", "s.yaml:2:8  the bracket that opens here is never closed; close it")]
    [InlineData("sweep: 's\ndata: glyphs", "s.yaml:1:8  the quote that opens here is never closed; close it")]
    [InlineData("sweep: @s", "s.yaml:1:8  a character that no value can begin with; put the text into quotes")]
    [InlineData("sweep: s\ndata: glyphs\n---\nsweep: t", "s.yaml:3:1  a second document begins here; put each sweep into a file of its own")]
    [InlineData("sweep: s\ndata: &d glyphs", "s.yaml:2:7  anchors and aliases (&name, *name) are not understood here; write the value out")]
    [InlineData("sweep: s\ndata: !set glyphs", "s.yaml:2:7  the tag '!set' is not understood here; leave it out")]
    [InlineData("sweep: s\ndata: glyphs\n? [a]\n: b", "s.yaml:3:3  a list or a mapping stands where a key is expected; a key is a word such as 'noise'")]
    public void What_is_no_sweep_file_at_all_gets_a_sentence(string text, string expected) =>
        Assert.Equal(expected, OnlyProblem(text + "\n"));

    [Fact]
    public void All_problems_are_told_at_once_in_the_order_of_the_file()
    {
        var problems = Problems("""
            sweep: s
            data: { name: mnist, train: 70000 }
            axes:
              noise: [none, label 1.5, label 1.5]
              noise: [none]
              capacity: [0]
            regularisers: [none]
            training: { epochs: five, epochs: six }
            seeds: -1
            """, "threads=many", "nois=none");

        Assert.Equal(
            [
                "s.yaml:2:29", "s.yaml:4:23", "s.yaml:4:34", "s.yaml:5:3", "s.yaml:6:14", "s.yaml:7:1", "s.yaml:8:21", "s.yaml:8:27", "s.yaml:9:8",
                "--set threads=many", "--set nois=none",
            ],
            problems.Select(problem => problem[..problem.IndexOf("  ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_billion_trials_are_refused_by_their_number_without_being_made()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(
            "s.yaml:3:1  this is 1,000,000,000 trials (2 noise × 5 capacity × 100,000,000 seeds), and a sweep has at most 10,000,000; "
            + "take out values or seeds, or split it into several sweeps",
            OnlyProblem(Glyphs("axes: {noise: [none, label 1], capacity: [1, 2, 3, 4, 5]}", "seeds: 100000000")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void A_product_that_no_machine_word_holds_is_refused_too()
    {
        var many = string.Join(", ", Enumerable.Range(1, 2000));
        var text = Glyphs($"axes: {{capacity: [{many}], data.train: [{many}], epochs: [{many}], batch: [{many}], data.validation: [{many}]}}", "seeds: 9000000000000000000");

        Assert.Contains("this is 2.9e35 trials", OnlyProblem(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_million_trials_are_allowed_and_one_more_is_not()
    {
        Assert.Equal(10_000_000, new Grid(With("seeds: 10000000")).Count);
        Assert.StartsWith("s.yaml:3:8  this is 10,000,001 trials", OnlyProblem(Glyphs("seeds: 10000001")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Deep_nesting_is_refused_before_it_overflows_the_stack(string opening) =>
        Assert.Contains("nested more than 32 deep", OnlyProblem(string.Concat(Enumerable.Repeat(opening, 20_000))), StringComparison.Ordinal);

    /// <summary>Whatever stands in a file or behind --set: an answer, never an exception.</summary>
    [Fact]
    public void No_text_makes_the_reading_throw()
    {
        var piece = Gen.OneOf(
            Gen.Int[0, Example.Length - 1].SelectMany(start => Gen.Int[0, 40].Select(length => Example.Substring(start, Math.Min(length, Example.Length - start)))),
            Gen.String, Gen.Int[0, Odd.Length - 1].Select(index => Odd[index]));
        var torn = Gen.Select(Gen.Int[0, Example.Length - 1], Gen.Int[0, 30], piece, (start, cut, put) =>
            string.Concat(Example.AsSpan(0, start), put, Example.AsSpan(Math.Min(Example.Length, start + cut))));
        Gen.Select(torn, piece, piece, (text, path, value) => (text, set: path + "=" + value)).Sample(
            drawn =>
            {
                var alone = SpecFile.Parse(drawn.text, "s.yaml", []);
                var withSet = SpecFile.Parse(drawn.text, "s.yaml", [drawn.set]);
                Assert.All([alone, withSet], reading => Assert.True(reading.Spec is null == reading.Problems.Count > 0));
            },
            iter: 5000);
    }

    [Fact]
    public void What_looks_like_a_tag_and_is_none_is_a_mistake_like_others()
    {
        const string Tag = "!!pX6G3IHX+[$DDkv~P=-1";
        Assert.Contains("begins with '!'", OnlyProblem(Example, "question=" + Tag), StringComparison.Ordinal);
        Assert.Contains("begins with '!'", OnlyProblem($"sweep: {Tag}\ndata: glyphs\n"), StringComparison.Ordinal);
    }

    private static readonly string[] Odd =
    [
        "[", "]", "{", "}", ": ", "? ", "- ", "&a ", "*a", "!t ", "|\n", ">\n", "'", "\"", "\t", "\0", "#", "%YAML 1.2\n", "---\n", "...\n", "\uFEFF", "<<: ", "=", "+", "~",
        "axes.noise", "training.schedule", "{every: 5}", "[[none]]", "seeds", "1e999", "-1", "NaN", "noise",
    ];

    [Fact]
    public void A_file_of_more_than_a_mebibyte_is_refused() =>
        Assert.Contains("bytes long; a sweep file has at most 1,048,576", OnlyProblem(Example + "\n#" + new string('x', 1024 * 1024)), StringComparison.Ordinal);
}
