// Actors wait for one another, and for databases, much of the time: four tests fill two cores.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
