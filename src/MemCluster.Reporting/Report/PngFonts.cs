using SkiaSharp;

namespace MemCluster.Reporting.Report;

/// <summary>Letters for pictures: found by name where the machine has them; what it draws with otherwise is the machine's choice, and pixels are no results.</summary>
internal sealed class PngFonts : IDisposable
{
    private static readonly string[] Names = ["DejaVu Sans", "Liberation Sans", "Arial", "Helvetica"];

    public PngFonts()
    {
        Plain = Names.Select(name => SKTypeface.FromFamilyName(name)).FirstOrDefault(found => Names.Contains(found?.FamilyName)) ?? SKTypeface.CreateDefault();
        Bold = SKTypeface.FromFamilyName(Plain.FamilyName, SKFontStyle.Bold) ?? SKTypeface.CreateDefault();
    }

    public SKTypeface Plain { get; }

    public SKTypeface Bold { get; }

    public void Dispose()
    {
        Plain.Dispose();
        Bold.Dispose();
    }
}
