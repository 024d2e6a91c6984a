using System.Security.Cryptography;
using System.Text;

namespace MemCluster.Messages;

/// <summary>One file of a data set: its name and length uncompressed, and the SHA-256 of those bytes (lower-case hexadecimal).</summary>
/// <param name="Download">The published file that holds it, relative to the source's address; null where an archive holds all of them.</param>
/// <param name="DownloadSha256">SHA-256 of the published (compressed) file.</param>
/// <param name="DownloadBytes">Its length.</param>
public sealed record DataFile(
    string Name, long Bytes, string Sha256, string? Download = null, string? DownloadSha256 = null, long DownloadBytes = 0);

/// <summary>What is known of a data set without opening it: enough to check a spec, and to tell a true file from a wrong one.</summary>
/// <param name="Train">Training examples, after the validation part is taken off.</param>
/// <param name="Validation">Examples of the validation part.</param>
/// <param name="Test">Examples of the test file.</param>
/// <param name="Source">Where <c>memcluster data get</c> fetches from; empty for a built-in one.</param>
/// <param name="Archive">The one archive that holds all files, relative to the source; null where each is published alone.</param>
public sealed record DataSetCard(
    string Name, string Title, int Channels, int Height, int Width, int Classes,
    int Train, int Validation, int Test, string Source, string? Archive, IReadOnlyList<DataFile> Files)
{
    /// <summary>Numbers in one image.</summary>
    public int Pixels => Channels * Height * Width;

    /// <summary>What it is with images pooled: the mean of each square, so many pixels a side, is one pixel.</summary>
    public DataSetCard Pooled(int side) => side == 1 ? this : this with { Height = Height / side, Width = Width / side };

    /// <summary>Made by the program itself; nothing to find or fetch.</summary>
    public bool BuiltIn => Files.Count == 0;

    /// <summary>
    /// Digest of the whole content (first 128 bits, hexadecimal), part of every cell's identity. A built-in set's stands for the version
    /// of its recipe, which a test ties to the bytes it makes.
    /// </summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        BuiltIn ? Name + " recipe 1" : string.Join('\n', Files.Select(file => file.Sha256)))).AsSpan(0, 16));

    /// <summary>Examples there are to score on under this <see cref="DataSettings.Split"/>.</summary>
    public int Scored(string split) => split == "test" ? Test : Validation;
}

/// <summary>
/// The data sets that a sweep may name. MNIST and Fashion-MNIST: training is the first 50,000 of the training file, validation its last
/// 10,000. CIFAR-10: the test file is the validation part (Zhang et al. 2017 do so), and the test part; so are the pairs of an addition table that are not for training.
/// </summary>
public static class DataCatalog
{
    public static readonly DataSetCard Glyphs = new(
        "glyphs", "drawn shapes, built in", 1, 28, 28, 10, 50_000, 10_000, 10_000, "", null, []);

    public static readonly DataSetCard Mnist = new(
        "mnist", "MNIST handwritten digits", 1, 28, 28, 10, 50_000, 10_000, 10_000,
        "https://ossci-datasets.s3.amazonaws.com/mnist/", null,
        [
            new("train-images-idx3-ubyte", 47_040_016,
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "train-images-idx3-ubyte.gz",
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9_912_422),
            new("train-labels-idx1-ubyte", 60_008,
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "train-labels-idx1-ubyte.gz",
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28_881),
            new("t10k-images-idx3-ubyte", 7_840_016,
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "t10k-images-idx3-ubyte.gz",
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1_648_877),
            new("t10k-labels-idx1-ubyte", 10_008,
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                "t10k-labels-idx1-ubyte.gz",
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4_542),
        ]);

    public static readonly DataSetCard FashionMnist = new(
        "fashion-mnist", "Fashion-MNIST articles of clothing", 1, 28, 28, 10, 50_000, 10_000, 10_000,
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", null,
        [
            new("train-images-idx3-ubyte", 47_040_016,
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26_421_880),
            new("train-labels-idx1-ubyte", 60_008,
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                "train-labels-idx1-ubyte.gz",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515),
            new("t10k-images-idx3-ubyte", 7_840_016,
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4_422_102),
            new("t10k-labels-idx1-ubyte", 10_008,
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                "t10k-labels-idx1-ubyte.gz",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148),
        ]);

    public static readonly DataSetCard Cifar10 = new(
        "cifar10", "CIFAR-10 photographs", 3, 32, 32, 10, 50_000, 10_000, 10_000,
        "https://www.cs.toronto.edu/~kriz/", "cifar-10-binary.tar.gz",
        [
            new("data_batch_1.bin", 30_730_000,
                "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
            new("data_batch_2.bin", 30_730_000,
                "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
            new("data_batch_3.bin", 30_730_000,
                "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
            new("data_batch_4.bin", 30_730_000,
                "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
            new("data_batch_5.bin", 30_730_000,
                "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
            new("test_batch.bin", 30_730_000,
                "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
        ]);

    /// <summary>Addition modulo 97 (Power et al. 2022).</summary>
    public static readonly DataSetCard ModularAddition = AdditionTable("modular-addition", 97);

    /// <summary>The same with fewer numbers, for an experiment in minutes.</summary>
    public static readonly DataSetCard ModularAddition59 = AdditionTable("modular-addition-59", 59);

    public static readonly IReadOnlyList<DataSetCard> All = [Glyphs, Mnist, FashionMnist, Cifar10, ModularAddition, ModularAddition59];

    public static DataSetCard? Find(string name) => All.FirstOrDefault(card => card.Name == name);

    /// <summary>Two rows of p pixels, and p classes; four fifths of the p² pairs are for training.</summary>
    private static DataSetCard AdditionTable(string name, int modulus)
    {
        var train = modulus * modulus * 4 / 5;
        var scored = (modulus * modulus) - train;
        return new(name, $"addition modulo {modulus}, built in", 1, 2, modulus, modulus, train, scored, scored, "", null, []);
    }
}
