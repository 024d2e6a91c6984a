namespace MemCluster.Operations;

/// <summary>Something the user can set right. The message is the sentence to print: what is wrong, where, what to do. Exit code 2.</summary>
public sealed class UserError(string sentence) : Exception(sentence);
