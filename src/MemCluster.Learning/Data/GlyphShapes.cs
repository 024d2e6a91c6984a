namespace MemCluster.Learning;

/// <summary>The ten shapes as strokes through points; x to the right and y down, each from −1 to 1.</summary>
internal static class GlyphShapes
{
    // Cosine of 30°: the corners of a ring of twelve.
    private const double C = 0.8660254037844386;

    private static readonly (double, double)[] Ring =
        [(0, -1), (0.5, -C), (C, -0.5), (1, 0), (C, 0.5), (0.5, C), (0, 1), (-0.5, C), (-C, 0.5), (-1, 0), (-C, -0.5), (-0.5, -C), (0, -1)];

    public static readonly (double X, double Y)[][][] All =
    [
        /* 0 ring      */ [Ring],
        /* 1 bar       */ [[(0, -1), (0, 0), (0, 1)]],
        /* 2 plus      */ [[(0, -1), (0, 0), (0, 1)], [(-1, 0), (0, 0), (1, 0)]],
        /* 3 cross     */ [[(-1, -1), (0, 0), (1, 1)], [(1, -1), (0, 0), (-1, 1)]],
        /* 4 triangle  */ [[(0, -1), (0.9, 0.9), (-0.9, 0.9), (0, -1)]],
        /* 5 square    */ [[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9), (-0.9, -0.9)]],
        /* 6 T         */ [[(-1, -0.9), (0, -0.9), (1, -0.9)], [(0, -0.9), (0, 0), (0, 1)]],
        /* 7 seven     */ [[(-0.8, -0.9), (0.8, -0.9), (0.2, 0), (-0.4, 1)]],
        /* 8 Z         */ [[(-0.8, -0.9), (0.8, -0.9), (0, 0), (-0.8, 0.9), (0.8, 0.9)]],
        /* 9 horseshoe */ [Ring[1..^1]],
    ];
}
