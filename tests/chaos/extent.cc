#include "tests/chaos/extent.h"

#include <cstdlib>
#include <iostream>
#include <random>

#include "absl/strings/numbers.h"

namespace canvass::chaos {
namespace {

uint64_t ChooseSeed() {
  uint64_t seed = 0;
  const char* given = std::getenv("CANVASS_CHAOS_SEED");
  if (given == nullptr || !absl::SimpleAtoi(given, &seed)) seed = std::random_device()();
  std::cout << "CANVASS_CHAOS_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace

int Rounds(int short_form) {
  int rounds = 1;
  const char* given = std::getenv("CANVASS_CHAOS_ROUNDS");
  if (given == nullptr || !absl::SimpleAtoi(given, &rounds) || rounds < 1) rounds = 1;
  return short_form * rounds;
}

uint64_t Seed() {
  static const uint64_t seed = ChooseSeed();
  return seed;
}

}  // namespace canvass::chaos
