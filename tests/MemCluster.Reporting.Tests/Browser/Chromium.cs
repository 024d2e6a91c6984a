using System.Diagnostics;

namespace MemCluster.Reporting.Tests.Browser;

/// <summary>A Chromium without a window, started for a test with a profile of its own and ended with it.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

    // A page that asks the network is a fault that must be seen, so the browser itself asks for nothing.
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0",
    ];

    private readonly Process _process;
    private readonly DirectoryInfo _profile;

    private Chromium(Process process, DirectoryInfo profile, Uri address) => (_process, _profile, Address) = (process, profile, address);

    /// <summary>Null where none is installed; the variable <c>CHROMIUM</c> names another.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : Places.FirstOrDefault(File.Exists);

    /// <summary>Of its DevTools.</summary>
    public Uri Address { get; }

    public static async Task<Chromium> Start()
    {
        const string Says = "DevTools listening on ";
        var profile = Directory.CreateTempSubdirectory("memcluster-chromium-");
        var process = Process.Start(new ProcessStartInfo(Program!, [.. Flags, $"--user-data-dir={profile.FullName}", "about:blank"]) { RedirectStandardError = true })!;
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Says, StringComparison.Ordinal))
            {
                // It goes on to talk; a full pipe would stop it.
                _ = process.StandardError.ReadToEndAsync();
                return new(process, profile, new Uri(line[Says.Length..].Trim()));
            }
        }

        process.Dispose();
        profile.Delete(recursive: true);
        throw new InvalidOperationException($"{Program} ended without opening its DevTools.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child of it may still write its last; the folder is temporary anyway.
        }
    }
}

/// <summary>A test that looks at pages in Chromium, skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.Program is null ? "No Chromium on this machine: install it, or name one in the variable CHROMIUM." : null;
}

/// <summary>The same for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = new ChromiumFactAttribute().Skip;
}
