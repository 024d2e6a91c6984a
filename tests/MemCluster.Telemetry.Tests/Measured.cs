using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MemCluster.Tests;

/// <summary>Hears every measurement of a name's meters while it lives. Instruments are the process's: tests that count must know their own by their attributes.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _all = new();

    public Measured(string meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Values of an instrument whose attributes, <c>name=value</c> in order of names, are these.</summary>
    public IReadOnlyList<double> Of(string name, string tags = "") => [.. _all.Where(one => one.Name == name && one.Tags == tags).Select(one => one.Value)];

    /// <summary>Asks the gauges.</summary>
    public void Look() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new List<string>();
        foreach (var (name, attribute) in tags)
        {
            text.Add($"{name}={attribute}");
        }

        _all.Enqueue((instrument.Name, value, string.Join(' ', text.Order(StringComparer.Ordinal))));
    }
}
