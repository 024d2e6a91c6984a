using MemCluster.Operations;

namespace MemCluster.Cli;

/// <summary>What nodes say of a wrong option, as the error of a verb.</summary>
internal static class Sentence
{
    /// <exception cref="UserError">With the sentence of the <see cref="FormatException"/>.</exception>
    public static T Of<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException mistake)
        {
            throw new UserError(mistake.Message);
        }
    }
}
