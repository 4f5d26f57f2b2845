/** Name of the one job of a simulation, and so of the application whose assignments count by default. */
export const SIMULATED_JOB = 'app';
