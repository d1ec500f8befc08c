/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIGINT, SIGTERM and SIGHUP, which are the whole process's: the first ends the reading, and what was read is still written. */
#ifndef FTDPCAP_INTERRUPT_H
#define FTDPCAP_INTERRUPT_H

/* From now on the first one is only noted; one that comes a second later or more, for the impatient, ends the process as usual. */
void interrupt_catch(void);

/* The number of the signal that came, or 0. */
int interrupt_number(void);

/* Ends the process by the signal that came, so that a shell sees it; returns if none came. */
void interrupt_pass_on(void);

#endif
