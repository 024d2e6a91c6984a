namespace MemCluster.Reporting.Report;

/// <summary>A name on a figure, cut in its middle where it is too long: values of one axis often begin alike and differ in a number at their ends.</summary>
internal static class ShortName
{
    /// <summary>So long that scores, shares and kinds of the sweeps there are stay whole.</summary>
    public const int Longest = 28;

    public static string Of(string name)
    {
        const int tail = Longest / 2;
        return name.Length <= Longest ? name : $"{name[..(Longest - tail - 1)]}…{name[^tail..]}";
    }
}
