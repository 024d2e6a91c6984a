using CsvHelper;

namespace MemCluster.Reporting.Files;

/// <summary>One way to write CSV: RFC 4180 quoting where needed, LF, no byte order mark; the writer underneath stays open.</summary>
internal static class Csv
{
    private static readonly CsvWriterOptions Options = new()
    {
        NewLine = "\n",
        WriteByteOrderMark = false,
        ValidateFieldCount = true,
        Injection = CsvInjection.None,
    };

    public static CsvWriter Over(TextWriter to) => CsvWriter.Create(to, Options, leaveOpen: true);

    public static void Row(CsvWriter csv, IEnumerable<string> fields) => csv.WriteRecord([.. fields]);
}
