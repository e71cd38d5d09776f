// How long the tests of this folder go on, and by which luck: short in CI, longer by hand.
//
//   CANVASS_CHAOS_ROUNDS=20   every test tries so many times its faults (default 1; ./dev chaos --rounds 20)
//   CANVASS_CHAOS_SEED=7      the same connections are cut at the same bytes again (default: another seed every time)
//
// Thread-safe.
#ifndef CANVASS_TESTS_CHAOS_EXTENT_H_
#define CANVASS_TESTS_CHAOS_EXTENT_H_

#include <cstdint>

namespace canvass::chaos {

// How many faults a test tries that tries `short_form` of them in CI.
int Rounds(int short_form);

// The seed of this run. It is printed, so that a run can be had again.
uint64_t Seed();

}  // namespace canvass::chaos

#endif  // CANVASS_TESTS_CHAOS_EXTENT_H_
