namespace MemCluster.Hosting;

/// <summary>Files that hold a secret.</summary>
internal static class PrivateFile
{
    /// <exception cref="FormatException">The file's mode allows what is forbidden; a sentence that says how to put it right.</exception>
    public static void Require(string file, UnixFileMode forbidden, string wanted)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & forbidden) != UnixFileMode.None)
        {
            throw new FormatException(
                $"{file} is a secret that others on this machine can reach (mode {Convert.ToString((int)File.GetUnixFileMode(file), 8)}); set it to {wanted} with chmod.");
        }
    }
}
