/** Every class of this processor gives the known answer. */
#include "group/self-test.h"

#include "check.h"

int main() {
  for (causeway::CpuClass each : causeway::cpu_classes) {
    if (is_available(each)) CHECK(causeway::group_works(each));
  }
}
