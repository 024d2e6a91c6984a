using System.Runtime.Serialization;
using System.Text.Json;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>Tells a journal that is away, which is asked again, from an event that is there and says nothing to this version.</summary>
internal static class Events
{
    /// <returns>What is wrong with the event, a sentence; null where the journal itself is.</returns>
    public static string? Undecodable(Exception problem)
    {
        for (var cause = problem; cause is not null; cause = cause.InnerException)
        {
            if (cause is BrokenStreamException broken)
            {
                return broken.Message;
            }

            if (cause is SerializationException or JsonException or NotSupportedException or FormatException or InvalidCastException)
            {
                return $"an event of it is damaged, or of a later version ({cause.Message.Split('\n', 2)[0].TrimEnd('.')}).";
            }
        }

        return null;
    }
}
