using System.Collections;
using System.Reflection;

namespace MemCluster.Messages.Tests;

/// <summary>
/// Compares two words by everything they hold. Records compare their lists by reference, and comparing texts would be blind to a field
/// that is never written.
/// </summary>
internal static class Same
{
    public static void Holds(object? expected, object? actual, string where = "word")
    {
        switch (expected)
        {
            case null:
                Assert.True(actual is null, $"{where}: null became {actual}");
                break;
            case string or ValueType when !IsRecordStruct(expected):
                Assert.True(Equals(expected, actual), $"{where}: {expected} became {actual}");
                break;
            case IEnumerable items:
                object?[] before = [.. items.Cast<object?>()], after = [.. Assert.IsAssignableFrom<IEnumerable>(actual).Cast<object?>()];
                Assert.True(before.Length == after.Length, $"{where}: {before.Length} items became {after.Length}");
                for (var index = 0; index < before.Length; index++)
                {
                    Holds(before[index], after[index], $"{where}[{index}]");
                }

                break;
            default:
                Assert.True(expected.GetType() == actual?.GetType(), $"{where}: {expected.GetType()} became {actual?.GetType()}");
                foreach (var property in expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    Holds(property.GetValue(expected), property.GetValue(actual), $"{where}.{property.Name}");
                }

                break;
        }
    }

    private static bool IsRecordStruct(object value) => value.GetType().Namespace == typeof(IMessage).Namespace && !value.GetType().IsEnum;
}
