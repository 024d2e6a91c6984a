using System.Text;

namespace MemCluster.Reporting.Report;

/// <summary>Colours of the inks on a light and on a dark page. The series' are told apart by people with any colour vision, and by marker and dash without colour.</summary>
public static class Palette
{
    private static readonly string[] LightColours =
        ["#1c1c1e", "#5c5c63", "#dcdce0", "#ffffff", "#0072b2", "#0072b2", "#c44e00", "#00805d", "#b0578c", "#7a5c00", "#2f7fb5", "#5b3a8e", "#555555"];

    private static readonly string[] DarkColours =
        ["#ececf0", "#a9a9b2", "#3c3c42", "#17171a", "#56b4e9", "#62bdf0", "#ff9a5c", "#3ad1a6", "#f0a6cf", "#e8c84a", "#a3d8f8", "#bda2f2", "#c8c8c8"];

    public static string Light(Ink ink) => LightColours[(int)ink];

    /// <summary>Rules for the marks of every figure: once in a page, once in each file of its own.</summary>
    public static string Css()
    {
        var css = new StringBuilder();
        css.Append("svg text{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}svg .b{font-weight:600}");
        Rules(css, LightColours);
        css.Append("@media screen and (prefers-color-scheme:dark){");
        Rules(css, DarkColours);
        return css.Append('}').ToString();
    }

    private static void Rules(StringBuilder css, string[] colours)
    {
        for (var ink = 0; ink < colours.Length; ink++)
        {
            css.Append($".l{ink}{{fill:none;stroke:{colours[ink]}}}.f{ink}{{fill:{colours[ink]}}}");
        }
    }
}
