package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// More members than processors, failures, interrupts and other teams: nobody hangs.
@Timeout(60)
class TeamTest {
  /// Runs until the team had all its members: other tests may hold helpers for a moment.
  private static void runWithAll(Team team, Team.Task task) {
    AtomicInteger count = new AtomicInteger();
    while (count.get() != team.size()) {
      team.run(
          (member, members) -> {
            if (members == team.size()) {
              count.set(members);
              task.run(member, members);
            }
          },
          team.size());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void everyMemberRunsOnceOnAThreadOfItsOwn(int size) {
    Team team = Team.of(size);
    for (int repeat = 0; repeat < 100; repeat++) {
      ConcurrentHashMap<Integer, Thread> threads = new ConcurrentHashMap<>();
      runWithAll(
          team,
          (member, members) -> {
            assertThat(members).isEqualTo(size);
            assertThat(threads.put(member, Thread.currentThread())).isNull();
          });
      assertThat(threads).hasSize(size).containsEntry(0, Thread.currentThread());
      assertThat(threads.values()).doesNotHaveDuplicates();
    }
  }

  @Test
  void noMoreThanTheWorkIsWorth() {
    Team team = Team.of(4);
    team.run((_, members) -> assertThat(members).isLessThanOrEqualTo(2), 2);
    team.run((_, members) -> assertThat(members).isEqualTo(1), 1);
    team.run((_, members) -> assertThat(members).isEqualTo(1), 0);
    assertThatThrownBy(() -> Team.of(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads of a session: 0, expected 1 to 1024");
  }

  /// Each round writes plain fields that the next one reads from all members.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void whatWasWrittenBeforeTheBarrierIsSeenAfterIt(int size) {
    Team team = Team.of(size);
    int rounds = 3_000;
    int[] values = new int[64 * size];
    int[] wrong = new int[size];
    runWithAll(
        team,
        (member, members) -> {
          for (int round = 1; round <= rounds; round++) {
            values[64 * member] = round;
            team.await(member);
            for (int other = 0; other < members; other++) {
              wrong[member] += values[64 * other] == round ? 0 : 1;
            }
            team.await(member);
          }
        });
    assertThat(wrong).containsOnly(0);
    assertThat(values[64 * (size - 1)]).isEqualTo(rounds);
  }

  @Test
  void sleepersAreWoken() {
    Team team = Team.of(2);
    for (int repeat = 0; repeat < 20; repeat++) {
      // Longer than anybody spins: helper and caller park in turn.
      LockSupport.parkNanos(2_000_000);
      int late = repeat % 2;
      runWithAll(
          team,
          (member, _) -> {
            if (member == late) {
              LockSupport.parkNanos(2_000_000);
            }
            team.await(member);
            if (member != late) {
              LockSupport.parkNanos(2_000_000);
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whatAMemberThrowsTheCallerThrowsAndNobodyHangs(int failing) {
    Team team = Team.of(3);
    IllegalArgumentException failure = new IllegalArgumentException("member " + failing);
    for (int repeat = 0; repeat < 50; repeat++) {
      boolean first = repeat % 2 == 0;
      AtomicInteger passed = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  runWithAll(
                      team,
                      (member, _) -> {
                        if (!first) {
                          team.await(member);
                        }
                        if (member == failing) {
                          throw failure;
                        }
                        team.await(member);
                        passed.incrementAndGet();
                      }))
          .isSameAs(failure);
      assertThat(passed).hasValue(0);
      // The team is as good as before.
      AtomicInteger count = new AtomicInteger();
      runWithAll(
          team,
          (member, _) -> {
            team.await(member);
            count.incrementAndGet();
          });
      assertThat(count).hasValue(3);
    }
  }

  @Test
  void allFailAtOnce() {
    Team team = Team.of(4);
    for (int repeat = 0; repeat < 100; repeat++) {
      assertThatThrownBy(
              () ->
                  runWithAll(
                      team,
                      (member, _) -> {
                        throw new AssertionError("member " + member);
                      }))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("member ");
    }
  }

  @Test
  void anInterruptIsKeptForLater() {
    Team team = Team.of(2);
    Thread caller = Thread.currentThread();
    runWithAll(
        team,
        (member, _) -> {
          if (member == 1) {
            caller.interrupt();
            LockSupport.parkNanos(5_000_000);
          }
          team.await(member);
          if (member == 1) {
            LockSupport.parkNanos(5_000_000);
          }
        });
    assertThat(Thread.interrupted()).isTrue();
  }

  /// What one team holds the other does without; both finish, whoever they are.
  @Test
  void teamsSideBySide() throws Exception {
    int callers = 6;
    int runs = 300;
    CountDownLatch start = new CountDownLatch(callers);
    List<Future<Long>> sums = new ArrayList<>();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      for (int i = 0; i < callers; i++) {
        sums.add(
            threads.submit(
                () -> {
                  Team team = Team.of(3);
                  long[] sum = new long[3 * 16];
                  start.countDown();
                  start.await();
                  for (int run = 0; run < runs; run++) {
                    team.run(
                        (member, members) -> {
                          for (int item = member; item < 12; item += members) {
                            sum[16 * member] += item;
                          }
                          if (members > 1) {
                            team.await(member);
                          }
                        },
                        3);
                  }
                  return sum[0] + sum[16] + sum[32];
                }));
      }
      for (Future<Long> sum : sums) {
        assertThat(sum.get()).isEqualTo(66L * runs);
      }
    }
  }

  @Test
  void aRunAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Team team = Team.of(2);
    long[] helper = new long[2];
    int[] count = new int[1];
    Team.Task task =
        (member, members) -> {
          if (members > 1) {
            count[0] += member == 0 ? 1 : 0;
            team.await(member);
            helper[member] = Thread.currentThread().threadId();
          }
        };
    int runs = 20_000;
    for (int i = 0; i < 1_000; i++) {
      team.run(task, 2);
    }
    count[0] = 0;
    runWithAll(team, task);
    long before = threads.getThreadAllocatedBytes(helper[1]);
    long mine = threads.getThreadAllocatedBytes(helper[0]);
    for (int i = 0; i < runs; i++) {
      team.run(task, 2);
    }
    long allocated =
        threads.getThreadAllocatedBytes(helper[0])
            - mine
            + threads.getThreadAllocatedBytes(helper[1])
            - before;
    // Asking allocates a little itself.
    assertThat(allocated).isLessThan(runs / 10);
    assertThat(count[0]).isGreaterThan(1);
  }

  @Test
  void sizeFromAProperty() {
    String before = System.getProperty("sluice.threads");
    try {
      System.setProperty("sluice.threads", "3");
      assertThat(Team.defaultSize()).isEqualTo(3);
      for (String wrong : List.of("0", "-1", "two", "1025", "99999999999")) {
        System.setProperty("sluice.threads", wrong);
        assertThatThrownBy(Team::defaultSize)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("sluice.threads=%s: expected a number from 1 to 1024".formatted(wrong));
      }
    } finally {
      if (before == null) {
        System.clearProperty("sluice.threads");
        assertThat(Team.defaultSize()).isEqualTo(Runtime.getRuntime().availableProcessors());
      } else {
        System.setProperty("sluice.threads", before);
      }
    }
  }
}
