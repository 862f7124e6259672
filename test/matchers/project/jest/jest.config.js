export default { testMatch: ['**/*.case.js'], transform: {} };
