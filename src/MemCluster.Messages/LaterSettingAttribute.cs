using System.Text.Json.Serialization.Metadata;

namespace MemCluster.Messages;

/// <summary>
/// A setting that came after the first words were written: it is left out of JSON where it has its default, so that such words are written as
/// they were before there was it.
/// </summary>
/// <param name="standard">Its default; null: what a new instance has.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LaterSettingAttribute(object? standard = null) : Attribute
{
    public object? Standard { get; } = standard;

    internal static void LeaveOutDefaults(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider?.GetCustomAttributes(typeof(LaterSettingAttribute), inherit: false) is [LaterSettingAttribute later])
            {
                var standard = later.Standard ?? property.Get!(Activator.CreateInstance(type.Type)!);
                property.ShouldSerialize = (_, value) => !Equals(value, standard);
            }
        }
    }
}
