import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs `work` on `0..<count` in chunks of `chunk`, on the engine's threads. Returns when all are done.
///
/// The chunks depend on the arguments alone, never on the number of threads, so sums inside a chunk give the same bits
/// on every machine load. A call from inside a chunk runs serially. Threads watch for the next call for some microseconds,
/// then sleep: none spins.
package func parallel(_ count: Int, chunk: Int, _ work: (Range<Int>) -> Void) {
  guard count > 0 else { return }
  let chunks = (count + chunk - 1) / chunk
  ThreadPool.shared.run(chunks) { index in work(index * chunk..<min(count, (index + 1) * chunk)) }
}

/// How many threads the engine uses.
package enum Threads {
  /// Cores that this process may use.
  package static let available = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  private static let chosen = Atomic<Int>(0)

  /// The caller counts as one. Set between commands, not while one runs.
  package static var count: Int {
    get { chosen.load(ordering: .relaxed) == 0 ? min(available, 16) : chosen.load(ordering: .relaxed) }
    set { chosen.store(max(1, min(newValue, 64)), ordering: .relaxed) }
  }
}

/// Sleeping worker threads that share out the chunks of one job at a time.
private final class ThreadPool: @unchecked Sendable {
  static let shared = ThreadPool()

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let idle = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let next = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  // Written with the mutex held, read without it too. `generation` changes with each job, `active` workers are at it.
  private let generation = Atomic<Int>(0)
  private let active = Atomic<Int>(0)
  // Guarded by `mutex`. The job is a place on the stack of `run`: a worker that kept the closure itself would let it
  // outlive the call.
  private var job: UnsafePointer<(Int) -> Void>?
  private var jobCount = 0
  private var workers = 0

  private init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(idle, nil)
  }

  func run(_ count: Int, _ work: (Int) -> Void) {
    let wanted = min(Threads.count, count) - 1
    guard wanted > 0, !isBusy.exchange(true, ordering: .acquiring) else {
      for index in 0..<count { work(index) }
      return
    }
    withoutActuallyEscaping(work) { work in
      withUnsafePointer(to: work) { share($0, count, wanted) }
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// Returns when every worker that took part has let go of `work`.
  private func share(_ work: UnsafePointer<(Int) -> Void>, _ count: Int, _ wanted: Int) {
    pthread_mutex_lock(mutex)
    while workers < wanted { startWorker() }
    job = work
    jobCount = count
    next.store(0, ordering: .relaxed)
    generation.wrappingAdd(1, ordering: .relaxed)
    if workers == wanted { pthread_cond_broadcast(wake) } else { for _ in 0..<wanted { pthread_cond_signal(wake) } }
    pthread_mutex_unlock(mutex)
    takeChunks(work, count)
    _ = watch { active.load(ordering: .relaxed) == 0 }
    pthread_mutex_lock(mutex)
    job = nil
    while active.load(ordering: .relaxed) > 0 { pthread_cond_wait(idle, mutex) }
    pthread_mutex_unlock(mutex)
  }

  /// Whether `isOver` within a tenth of a millisecond. The operations of a forward trip follow each other that closely, and
  /// waking a thread each time costs a fifth of a short trip.
  private func watch(_ isOver: () -> Bool) -> Bool {
    for _ in 0..<3000 {
      if isOver() { return true }
      attune_pause()
    }
    return false
  }

  private func takeChunks(_ work: UnsafePointer<(Int) -> Void>, _ count: Int) {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      work.pointee(index)
    }
  }

  /// Called with the mutex held.
  private func startWorker() {
    workers += 1
    var thread = pthread_t(bitPattern: 0)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 8 << 20)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    withUnsafeMutablePointer(to: &thread) { thread in
      let opaque = UnsafeMutableRawPointer(thread)
      #if canImport(Glibc)
        pthread_create(
          opaque.assumingMemoryBound(to: pthread_t.self), &attributes, { _ in ThreadPool.shared.work() }, nil)
      #else
        pthread_create(
          opaque.assumingMemoryBound(to: pthread_t?.self), &attributes, { _ in ThreadPool.shared.work() }, nil)
      #endif
    }
    pthread_attr_destroy(&attributes)
  }

  private func work() -> UnsafeMutableRawPointer? {
    // Signals such as Ctrl-C belong to the main thread.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    var seen = 0
    pthread_mutex_lock(mutex)
    while true {
      while generation.load(ordering: .relaxed) == seen || job == nil {
        seen = generation.load(ordering: .relaxed)
        pthread_mutex_unlock(mutex)
        let hasNews = watch { generation.load(ordering: .relaxed) != seen }
        pthread_mutex_lock(mutex)
        if !hasNews, generation.load(ordering: .relaxed) == seen { pthread_cond_wait(wake, mutex) }
      }
      seen = generation.load(ordering: .relaxed)
      guard let job else { continue }
      let count = jobCount
      active.wrappingAdd(1, ordering: .relaxed)
      pthread_mutex_unlock(mutex)
      takeChunks(job, count)
      pthread_mutex_lock(mutex)
      if active.wrappingSubtract(1, ordering: .relaxed).newValue == 0 { pthread_cond_signal(idle) }
    }
  }
}
