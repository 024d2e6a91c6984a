// The tests start several processes each, count seconds and kill: side by side they would disturb one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
